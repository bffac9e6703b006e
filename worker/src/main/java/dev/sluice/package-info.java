/** The entry point. The path of a message is in {@link dev.sluice.pipeline.Pipeline}. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
