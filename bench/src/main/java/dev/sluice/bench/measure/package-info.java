/**
 * One measured run: a fresh process of a contender empties a queue into an empty database, observed from outside through the
 * stub queue, the kernel and the database. Reads {@code /proc}, so it needs Linux.
 */
@NullMarked
package dev.sluice.bench.measure;

import org.jspecify.annotations.NullMarked;
