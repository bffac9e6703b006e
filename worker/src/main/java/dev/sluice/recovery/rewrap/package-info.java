/**
 * Brings stored values under today's keys: tokens of older keys, and plain hashes of small spaces; and tells of any table
 * how much of it a stranger could reverse. Sees the database, masks, keys and the audit; must never print, log or store a
 * value that it opened.
 */
@NullMarked
package dev.sluice.recovery.rewrap;

import org.jspecify.annotations.NullMarked;
