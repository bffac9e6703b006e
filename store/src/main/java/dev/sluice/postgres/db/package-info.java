/**
 * Connections to PostgreSQL: address, TLS, pool, search path, transactions, queries, mutexes, error translation. Must never
 * see the queue or keys.
 */
@NullMarked
package dev.sluice.postgres.db;

import org.jspecify.annotations.NullMarked;
