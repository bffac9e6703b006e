/**
 * What is in the database before a run: schema {@code sluice} and its migrations, roles, the target table and its partitions, and the checks of all these. Sees {@code postgres.db}; must never see the queue or keys.
 */
@NullMarked
package dev.sluice.postgres.schema;

import org.jspecify.annotations.NullMarked;
