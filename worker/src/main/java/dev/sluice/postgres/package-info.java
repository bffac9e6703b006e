/**
 * PostgreSQL: the sink with its ledger and quarantine, and what the command line reads back. Sees {@code pipeline}, {@code
 * mapping} and its sub-packages; must never see the queue, keys or the command line. Clear values do not reach it: a row is
 * masked, an original is sealed.
 */
@NullMarked
package dev.sluice.postgres;

import org.jspecify.annotations.NullMarked;
