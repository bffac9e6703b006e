/**
 * What a run needs in the database: schema {@code sluice} and its migrations, roles, the target table and its partitions, and
 * their checks. Sees {@code postgres.db}; must never see the queue or keys.
 */
@NullMarked
package dev.sluice.postgres.schema;

import org.jspecify.annotations.NullMarked;
