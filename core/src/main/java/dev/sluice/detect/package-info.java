/**
 * Personal data recognised by its form: what a text, or a column of texts, looks like. Uses the parsers of {@code mask},
 * so that what is found is what a mask accepts. Sees values and keeps none: results are counts.
 */
@NullMarked
package dev.sluice.detect;

import org.jspecify.annotations.NullMarked;
