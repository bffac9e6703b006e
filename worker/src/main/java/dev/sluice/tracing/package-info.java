/**
 * Traces of batches for an OpenTelemetry collector: what a worker receives, processes, stores and settles, linked to the
 * traces of the senders. Wraps the ends of the path, beside {@code metrics}. Never sees SQS or JDBC, nor writes a value of an
 * event.
 */
@NullMarked
package dev.sluice.tracing;

import org.jspecify.annotations.NullMarked;
