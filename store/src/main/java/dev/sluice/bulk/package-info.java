/**
 * Bulk work: archives loaded into the target table, and the threads that do it. A plan lists units, each a part of a file;
 * a unit is one transaction, and its row in the bulk ledger says that it is done. Sees the database and the mapper; never
 * AWS, Spark or the queue.
 */
@NullMarked
package dev.sluice.bulk;

import org.jspecify.annotations.NullMarked;
