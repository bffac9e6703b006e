/** Tests of the path: hand-written ends on both sides, no server. */
@NullMarked
package dev.sluice.pipeline;

import org.jspecify.annotations.NullMarked;
