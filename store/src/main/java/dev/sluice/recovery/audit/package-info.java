/**
 * The audit of recovery: appends entries, reads them, and verifies that none was changed. Every recovery calls it first. Sees
 * the database only; must never receive a clear value.
 */
@NullMarked
package dev.sluice.recovery.audit;

import org.jspecify.annotations.NullMarked;
