/** What is measured: Sluice, and the programs that its users would otherwise write. */
@NullMarked
package dev.sluice.bench.contender;

import org.jspecify.annotations.NullMarked;
