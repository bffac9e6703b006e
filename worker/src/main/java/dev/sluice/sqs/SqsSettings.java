package dev.sluice.sqs;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about the queue. Immutable; {@link #of(String)} holds the defaults.
 *
 * @param queue name or URL, as {@link QueueAddress} reads it
 * @param endpoint where the calls go, scheme, host and port; null for AWS_ENDPOINT_URL_SQS, else the queue URL's, else AWS
 * @param region null for the URL's if that is at AWS, else AWS_REGION and the SDK's chain
 * @param batchMaxMessages when a batch is full; 1 to {@value #MAX_BATCH_MESSAGES}
 * @param batchMaxBytes when a batch is full by the sum of its bodies. It may be exceeded by what one call brings: 10
 *     bodies of up to 1 MiB
 * @param maxPollers how many further ReceiveMessage calls may run at once over all lanes, besides the one that each lane
 *     starts with; 1 to {@value #MAX_POLLERS}
 * @param plainHttp where calls may go without TLS
 */
public record SqsSettings(
        String queue,
        @Nullable URI endpoint,
        @Nullable String region,
        int batchMaxMessages,
        long batchMaxBytes,
        int maxPollers,
        PlainHttp plainHttp) {

    /** One COPY of 1,000 rows costs little more per row than one of 10,000, and is stored before a lease is a third over. */
    public static final int DEFAULT_BATCH_MESSAGES = 1_000;

    /** SQS gives out 120,000 messages at most before they are settled (SQS quotas, in-flight messages, standard queue). */
    public static final int MAX_BATCH_MESSAGES = 100_000;

    /** A body is held about three times (answer, string, bytes) while it is received: so four lanes keep within 256 MB. */
    public static final long DEFAULT_BATCH_BYTES = 8L << 20;

    /** With 20 ms a call, 32 pollers receive 16,000 messages a second: more than one worker stores. */
    public static final int DEFAULT_POLLERS = 32;

    /** As many as there are connections for calls that do not wait. */
    public static final int MAX_POLLERS = SqsConnection.RECEIVING_CONNECTIONS;

    /** Refuses numbers out of range, as CONFIG. */
    public SqsSettings {
        requireWithin("source.batch-max-messages", batchMaxMessages, MAX_BATCH_MESSAGES);
        requireWithin("source.batch-max-bytes", batchMaxBytes, Long.MAX_VALUE);
        requireWithin("source.max-pollers", maxPollers, MAX_POLLERS);
    }

    /** The defaults for this queue: endpoint and region as the environment says. */
    public static SqsSettings of(String queue) {
        return new SqsSettings(
                queue, null, null, DEFAULT_BATCH_MESSAGES, DEFAULT_BATCH_BYTES, DEFAULT_POLLERS, new PlainHttp(false));
    }

    /** The same, with the calls going to this endpoint. */
    public SqsSettings withEndpoint(@Nullable URI other) {
        return new SqsSettings(queue, other, region, batchMaxMessages, batchMaxBytes, maxPollers, plainHttp);
    }

    /** The same, in this region. */
    public SqsSettings withRegion(@Nullable String other) {
        return new SqsSettings(queue, endpoint, other, batchMaxMessages, batchMaxBytes, maxPollers, plainHttp);
    }

    /** The same, with this rule for plain http. */
    public SqsSettings withPlainHttp(PlainHttp other) {
        return new SqsSettings(queue, endpoint, region, batchMaxMessages, batchMaxBytes, maxPollers, other);
    }

    /** The same, with batches of up to this many messages. */
    public SqsSettings withBatchMaxMessages(int other) {
        return new SqsSettings(queue, endpoint, region, other, batchMaxBytes, maxPollers, plainHttp);
    }

    /** The same, with batches of up to this many bytes of bodies. */
    public SqsSettings withBatchMaxBytes(long other) {
        return new SqsSettings(queue, endpoint, region, batchMaxMessages, other, maxPollers, plainHttp);
    }

    private static void requireWithin(String setting, long value, long max) {
        if (value < 1 || value > max) {
            throw new InfrastructureException(Kind.CONFIG, setting + " is " + value + "; expected 1 to " + max + ".");
        }
    }
}
