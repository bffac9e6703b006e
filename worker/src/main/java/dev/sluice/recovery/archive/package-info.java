/**
 * Quarantined records in files, still sealed, and back from them. Sees {@code postgres} for the quarantine and {@code bulk} for
 * the files; never opens an original.
 */
@NullMarked
package dev.sluice.recovery.archive;

import org.jspecify.annotations.NullMarked;
