/**
 * A person's rows in the target table: found by a column's value or its tokens, and exported with their values recovered, once
 * the database has permitted and audited that. Sees the database, the keys and {@code recovery.unmask}; must never see the
 * queue.
 */
@NullMarked
package dev.sluice.recovery.subject;

import org.jspecify.annotations.NullMarked;
