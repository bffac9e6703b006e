/** The path of a message, and the interfaces at its two ends. Sees {@code mapping}; must never see AWS, JDBC or the command line. */
@NullMarked
package dev.sluice.pipeline;

import org.jspecify.annotations.NullMarked;
