/** Tests of the queue's side: against canned answers of a local HTTP server, and ({@code *IT}) against ElasticMQ. */
@NullMarked
package dev.sluice.sqs;

import org.jspecify.annotations.NullMarked;
