/**
 * The audit of recovery: appending entries, reading them, and proving that none was changed. What recovers calls it first;
 * it sees the database and nothing else of ours, and must never be given a clear value.
 */
@NullMarked
package dev.sluice.recovery.audit;

import org.jspecify.annotations.NullMarked;
