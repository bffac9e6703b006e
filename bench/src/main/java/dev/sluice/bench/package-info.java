/** The command behind {@code bench/run}: which scenarios run, in which order, and where the report goes. */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
