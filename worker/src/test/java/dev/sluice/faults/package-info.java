/**
 * The fault matrix: each row a test against the promise of docs/guarantees.md, worker processes on one side, a real
 * PostgreSQL and a real SQS protocol behind proxies on the other. Sees the program from outside only.
 */
@NullMarked
package dev.sluice.faults;

import org.jspecify.annotations.NullMarked;
