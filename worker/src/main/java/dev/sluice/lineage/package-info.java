/**
 * Reports to a data catalogue, as OpenLineage event, what a run reads, what it writes, and which columns it masks. Knows
 * names only: never sees a message, a row or a key. Used by {@code app}.
 */
@NullMarked
package dev.sluice.lineage;

import org.jspecify.annotations.NullMarked;
