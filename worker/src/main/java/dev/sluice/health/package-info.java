/**
 * What the health port answers: is the worker alive, ready, started; its metrics and its status. Reads what the worker
 * measured and asks the database now and then; no request makes it call anyone.
 */
@NullMarked
package dev.sluice.health;

import org.jspecify.annotations.NullMarked;
