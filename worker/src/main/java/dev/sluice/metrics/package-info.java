/** What a running worker measures of itself, and what it answers when asked. Never sees SQS or JDBC, nor a value. */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
