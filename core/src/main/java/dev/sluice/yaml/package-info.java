/**
 * Strict YAML with the position of every value, so that all problems of a file can be reported at once with line and
 * column. Does not know what the files mean.
 */
@NullMarked
package dev.sluice.yaml;

import org.jspecify.annotations.NullMarked;
