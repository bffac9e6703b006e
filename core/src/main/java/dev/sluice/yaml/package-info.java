/**
 * YAML read strictly, with the place of every value, so that all problems of a file can be reported at once with line
 * and column. Knows nothing of what the files mean.
 */
@NullMarked
package dev.sluice.yaml;

import org.jspecify.annotations.NullMarked;
