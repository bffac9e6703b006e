/**
 * A queue that speaks Amazon SQS's JSON protocol over HTTP/1.1 and costs far less than its clients, in a process of its own.
 * It behaves as SQS does where a client can notice: long polls, short answers, visibility timeouts, redeliveries. It checks
 * neither signatures nor permissions. Knows nothing of the harness, which commands it by lines of text ({@link
 * dev.sluice.bench.stub.Stub}).
 */
@NullMarked
package dev.sluice.bench.stub;

import org.jspecify.annotations.NullMarked;
