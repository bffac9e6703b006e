/**
 * Replaces stored values in place, page by page: moves tokens and sealed originals to the primary key, and offers the
 * passes over a table to {@code recovery.bruteforce}. Sees the database, masks, keys and the audit; must never print, log
 * or store a value that it opened.
 */
@NullMarked
package dev.sluice.recovery.rewrap;

import org.jspecify.annotations.NullMarked;
