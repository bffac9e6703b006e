/**
 * Rows that must go: those of a subject, and those past their time. Each deletion leaves an entry in the audit. Sees the
 * database, masks and the audit; must never see the queue.
 */
@NullMarked
package dev.sluice.recovery.erase;

import org.jspecify.annotations.NullMarked;
