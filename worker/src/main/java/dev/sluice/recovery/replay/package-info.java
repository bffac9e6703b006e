/**
 * Replays quarantined originals. The audit records it before any is opened, and none becomes a row with less protection than
 * intended when it was sealed. Sees the database, the mapping and the audit; must never see the queue.
 */
@NullMarked
package dev.sluice.recovery.replay;

import org.jspecify.annotations.NullMarked;
