/**
 * What the worker's console answers: its page, and the JSON documents that the page polls. Reads through the readers of the
 * other packages, over connections of its own, so that it cannot slow the worker; changes nothing except by an audited
 * replay. Never shows a value that was masked, nor an original, and never sees SQS or JDBC.
 */
@NullMarked
package dev.sluice.console;

import org.jspecify.annotations.NullMarked;
