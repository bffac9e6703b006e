/**
 * PostgreSQL: the sink, the tables it needs, and what the command line reads back. With {@code recovery} the only package
 * that sees {@code java.sql}, and the one place that connects and commits. Sees {@code pipeline}, {@code mapping} and {@code doctor}; must never
 * see the queue, keys or the command line. Clear values do not reach it: a row is masked, an original is sealed.
 */
@NullMarked
package dev.sluice.postgres;

import org.jspecify.annotations.NullMarked;
