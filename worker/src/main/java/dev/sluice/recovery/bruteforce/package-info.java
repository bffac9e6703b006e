/**
 * Plain hashes broken by trying every candidate: assesses a table, or migrates it to the pipeline's own masks. Sees {@code
 * recovery.rewrap}; must never see the queue or the command line, and never print, log or store a text that it found.
 */
@NullMarked
package dev.sluice.recovery.bruteforce;

import org.jspecify.annotations.NullMarked;
