/**
 * Deletes rows: those of a subject, and those past their retention. Each deletion leaves an audit entry. Sees the database,
 * masks and the audit; must never see the queue.
 */
@NullMarked
package dev.sluice.recovery.erase;

import org.jspecify.annotations.NullMarked;
