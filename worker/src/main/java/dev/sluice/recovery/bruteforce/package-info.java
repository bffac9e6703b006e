/**
 * Plain hashes broken by trying every candidate: a table is assessed, or taken over under the pipeline's own masks. Sees {@code recovery.rewrap}; must never see the queue or the command line.
 */
@NullMarked
package dev.sluice.recovery.bruteforce;

import org.jspecify.annotations.NullMarked;
