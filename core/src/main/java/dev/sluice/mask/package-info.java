/**
 * Masks: what may be stored in place of a clear text. Sees {@code keys}; must never see the mapper, the queue or the
 * database.
 */
@NullMarked
package dev.sluice.mask;

import org.jspecify.annotations.NullMarked;
