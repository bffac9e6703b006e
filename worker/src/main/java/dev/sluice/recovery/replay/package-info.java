/**
 * The quarantine's originals opened again: to make rows of them, or to show their shape. Each is told to the audit before it
 * is opened, and none becomes a row with less protection than it was to have when it was sealed. Sees the database, the
 * mapping and the audit; must never see the queue.
 */
@NullMarked
package dev.sluice.recovery.replay;

import org.jspecify.annotations.NullMarked;
