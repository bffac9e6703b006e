/** A simulation of many workers on one queue and one database, and its comparison with what was measured. */
@NullMarked
package dev.sluice.bench.scale;

import org.jspecify.annotations.NullMarked;
