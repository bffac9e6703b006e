/** Tests of how answers are written. */
@NullMarked
package dev.sluice.output;

import org.jspecify.annotations.NullMarked;
