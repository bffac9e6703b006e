package dev.sluice.sqs;

import dev.sluice.aws.PlainHttp;
import dev.sluice.config.QueueSettings;
import dev.sluice.failure.InfrastructureException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/**
 * The way to one queue's service: clients with pools of their own, so that no number of long polls can keep a delete
 * waiting for a connection (misk #3811), and a call that does not wait for messages is not waited for like one that does. Thread-safe. Opens nothing until the first call.
 */
final class SqsConnection implements AutoCloseable {

    /** For long polls. Connections are opened when needed, so a large pool costs nothing: a bound, not a target. */
    static final int POLLING_CONNECTIONS = 128;

    /** For receives that do not wait. */
    static final int RECEIVING_CONNECTIONS = 128;

    /** Above {@link Settler}'s parallel calls, with room for what else is asked at the same time. */
    private static final int OTHER_CONNECTIONS = 64;

    /** A healthy endpoint accepts within one round trip; two SYNs are lost before this is over (RFC 6298: 1 s, then 2 s). */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** The longest long poll is 20 s (SQS API reference, ReceiveMessage); half as much again for the answer. */
    private static final Duration LONG_POLL_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Short, so that a delete into a black hole is tried again while the lease lives, and a receive that hangs holds up
     * those that are in flight for about a third of the default visibility timeout, its second attempt included.
     */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** One more try, for a pooled connection that the other side had closed; whoever calls backs off for the rest. */
    private static final int ATTEMPTS = 2;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    private final QueueAddress address;
    private final AwsEndpoint place;
    private final CredentialsChain credentials;
    private final PlainHttp plainHttp;
    private final SqsClient polling;
    private final SqsClient receiving;
    private final SqsClient other;
    private final SqsFailures failures;

    private SqsConnection(QueueAddress address, AwsEndpoint place, CredentialsChain credentials, PlainHttp plainHttp) {
        this.plainHttp = plainHttp;
        this.address = address;
        this.place = place;
        this.credentials = credentials;
        this.failures = new SqsFailures(address.name(), place);
        this.polling = client(POLLING_CONNECTIONS, LONG_POLL_TIMEOUT);
        this.receiving = client(RECEIVING_CONNECTIONS, ANSWER_TIMEOUT);
        this.other = client(OTHER_CONNECTIONS, ANSWER_TIMEOUT);
    }

    /**
     * Prepares the clients, and asks nothing of the service.
     *
     * @throws InfrastructureException when the settings do not say which queue, where, or with half a key pair
     */
    static SqsConnection open(QueueSettings settings, Map<String, String> environment) {
        QueueAddress address = QueueAddress.parse(settings.queue());
        AwsEndpoint place = AwsEndpoint.of(address, settings, environment);
        return new SqsConnection(
                address, place, CredentialsChain.find(place, environment), new PlainHttp(settings.allowsPlainHttp()));
    }

    QueueAddress address() {
        return address;
    }

    AwsEndpoint place() {
        return place;
    }

    CredentialsChain credentials() {
        return credentials;
    }

    SqsFailures failures() {
        return failures;
    }

    /**
     * A call for messages. Throws InfrastructureException only.
     *
     * @param waits whether it is a long poll
     */
    <T> T receive(String operation, boolean waits, Function<SqsClient, T> call) {
        return translated(operation, waits ? polling : receiving, call);
    }

    /** Any other call. Throws InfrastructureException only. */
    <T> T call(String operation, Function<SqsClient, T> call) {
        return translated(operation, other, call);
    }

    /**
     * The queue's URL: as given, or asked for by name. One call either way, so that a queue that is not there or not ours
     * is known before the first message.
     */
    String resolveQueue() {
        URI url = address.url();
        if (url == null) {
            return call("sqs:GetQueueUrl", sqs -> sqs.getQueueUrl(request -> request.queueName(address.name())))
                    .queueUrl();
        }
        String text = url.toString();
        call(
                "sqs:GetQueueAttributes",
                sqs -> sqs.getQueueAttributes(
                        request -> request.queueUrl(text).attributeNames(AttributeReader.COUNTS)));
        return text;
    }

    @Override
    public void close() {
        polling.close();
        receiving.close();
        other.close();
    }

    /** The one place where a call can fail; what is caught is whatever the SDK lets through, down to its defects. */
    private <T> T translated(String operation, SqsClient client, Function<SqsClient, T> call) {
        try {
            return call.apply(client);
        } catch (RuntimeException thrown) {
            throw failures.translate(operation, thrown);
        }
    }

    /** checksumValidationEnabled: the SDK compares each body with its MD5, received or sent, and fails the call. */
    private SqsClient client(int connections, Duration answerTimeout) {
        SqsClientBuilder builder = SqsClient.builder();
        if (place.endpoint() != null) {
            builder.endpointOverride(place.endpoint());
        }
        return builder.region(Region.of(place.region()))
                .credentialsProvider(credentials)
                .checksumValidationEnabled(true)
                .overrideConfiguration(configuration -> {
                    configuration.retryStrategy(retries());
                    plainHttp.guard(configuration);
                })
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(connections)
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .connectionAcquisitionTimeout(answerTimeout)
                        .socketTimeout(answerTimeout)
                        .tcpKeepAlive(true))
                .build();
    }

    private static RetryStrategy retries() {
        BackoffStrategy pause = BackoffStrategy.exponentialDelayHalfJitter(BETWEEN_ATTEMPTS, BETWEEN_ATTEMPTS);
        return AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                .maxAttempts(ATTEMPTS)
                .backoffStrategy(pause)
                .throttlingBackoffStrategy(pause)
                .build();
    }
}
