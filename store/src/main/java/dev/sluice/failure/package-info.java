/** What every package may use: kinds of failure, back-off, the shutdown signal, fail points for tests. Sees nothing of ours. */
@NullMarked
package dev.sluice.failure;

import org.jspecify.annotations.NullMarked;
