/** From samples to the tables on the terminal and in docs/performance.md. */
@NullMarked
package dev.sluice.bench.report;

import org.jspecify.annotations.NullMarked;
