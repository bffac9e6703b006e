/** {@code status} and {@code top}: the figures of running workers, read from their health ports. Sees no part of a worker. */
@NullMarked
package dev.sluice.cli.status;

import org.jspecify.annotations.NullMarked;
