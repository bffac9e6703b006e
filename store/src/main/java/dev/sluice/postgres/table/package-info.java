/**
 * Writing into the target table and the quarantine, within a transaction of the caller's: rows by COPY, rows that the
 * database rejects isolated and quarantined. Never sees the queue.
 */
@NullMarked
package dev.sluice.postgres.table;

import org.jspecify.annotations.NullMarked;
