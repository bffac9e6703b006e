/**
 * The queue: receiving, settling, sending, and the queue's checks for {@code sluice doctor}. Implements
 * {@link dev.sluice.pipeline.Source} over {@code aws}. No signature shows a type of the AWS SDK. Must never see JDBC, the
 * mapping or the command line. Message bodies pass through unread and are never logged.
 */
@NullMarked
package dev.sluice.sqs;

import org.jspecify.annotations.NullMarked;
