/**
 * The queue: receiving, settling, sending, and what {@code sluice doctor} asks of it. Neighbours: {@code pipeline}, whose
 * {@link dev.sluice.pipeline.Source} it implements, and {@code doctor}. The AWS SDK is seen here and leaves by no
 * signature; JDBC, the mapping and the command line must never be seen here. Bodies pass through and are neither looked
 * into nor logged.
 */
@NullMarked
package dev.sluice.sqs;

import org.jspecify.annotations.NullMarked;
