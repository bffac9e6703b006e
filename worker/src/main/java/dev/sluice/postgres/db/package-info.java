/**
 * Connections to PostgreSQL: address, TLS, pool, search path, transactions, mutexes, translation of errors. Must never see a table of ours, the queue or keys.
 */
@NullMarked
package dev.sluice.postgres.db;

import org.jspecify.annotations.NullMarked;
