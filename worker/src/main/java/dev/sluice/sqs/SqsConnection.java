package dev.sluice.sqs;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsEndpoint;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.CallListener;
import dev.sluice.aws.CredentialsChain;
import dev.sluice.aws.PlainHttp;
import dev.sluice.config.QueueSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Message;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/**
 * The connection to one queue's service. Its clients have separate connection pools, so that no number of long polls keeps
 * a delete waiting for a connection (misk #3811), and only long polls have a long time-out. Thread-safe. Opens nothing
 * until the first call.
 */
final class SqsConnection implements AutoCloseable {

    /** For long polls. Connections are opened on demand, so this is a bound, not a target. */
    static final int POLLING_CONNECTIONS = 128;

    /** For receives that do not wait. */
    private static final int RECEIVING_CONNECTIONS = 128;

    /** More than {@link Settler}'s parallel calls, with room for other calls at the same time. */
    private static final int OTHER_CONNECTIONS = 64;

    /** A healthy endpoint accepts within one round trip; two SYNs are lost before this is over (RFC 6298: 1 s, then 2 s). */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** The longest long poll is 20 s (SQS API reference, ReceiveMessage); half of that again for the answer. */
    private static final Duration LONG_POLL_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Short, so that a delete without an answer is retried before the visibility timeout ends, and a receive that hangs
     * delays the messages in flight by about a third of the default visibility timeout, including its second attempt.
     */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** One retry, for a pooled connection that the other side has closed; for anything else the caller backs off. */
    private static final int ATTEMPTS = 2;

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    /** Emulators take any region; their documentation uses this one. */
    private static final String EMULATOR_REGION = "us-east-1";

    private static final Set<String> NO_SUCH_QUEUE =
            Set.of("QueueDoesNotExist", "NonExistentQueue", "InvalidAddress", "ResourceNotFound");

    private final QueueAddress address;
    private final AwsConnection aws;
    private final SqsClient polling;
    private final SqsClient receiving;
    private final SqsClient other;

    private SqsConnection(QueueAddress address, AwsConnection aws) {
        this.address = address;
        this.aws = aws;
        this.polling = client(POLLING_CONNECTIONS, LONG_POLL_TIMEOUT);
        this.receiving = client(RECEIVING_CONNECTIONS, ANSWER_TIMEOUT);
        this.other = client(OTHER_CONNECTIONS, ANSWER_TIMEOUT);
    }

    /**
     * Prepares the clients, and calls nothing but the SDK's chains for region and credentials.
     *
     * @throws InfrastructureException of kind CONFIG or NOT_PERMITTED if queue, endpoint, region or credentials are
     *     missing or malformed
     */
    static SqsConnection open(QueueSettings settings, Map<String, String> environment) {
        return open(settings, environment, CallListener.NONE);
    }

    /** The same, with somebody who learns of the calls. */
    static SqsConnection open(QueueSettings settings, Map<String, String> environment, CallListener listener) {
        QueueAddress address = QueueAddress.parse(settings.queue());
        AwsEndpoint endpoint = endpoint(address, settings);
        AwsFailures failures = new AwsFailures(
                "SQS",
                "on queue " + address.name(),
                endpoint,
                "check the credentials, and the policies of the role, the queue and its KMS key.",
                SqsConnection::configRemedy);
        return new SqsConnection(
                address,
                new AwsConnection(
                        endpoint, environment, new PlainHttp(settings.allowsPlainHttp()), failures, listener));
    }

    private static String configRemedy(String code) {
        return NO_SUCH_QUEUE.contains(code)
                ? "check SLUICE_QUEUE, AWS_REGION and the account of the credentials."
                : "check SLUICE_QUEUE, AWS_ENDPOINT_URL_SQS and AWS_REGION.";
    }

    /** Where the calls go: to the endpoint that is set, else to the host of the queue's URL, else to AWS. */
    static AwsEndpoint endpoint(QueueAddress address, QueueSettings settings) {
        URI url = settings.endpoint() == null ? address.origin() : settings.endpoint();
        if (url != null) {
            String setting = settings.endpoint() == null ? "the queue's URL" : "the endpoint setting";
            AwsEndpoint.require(setting, url.toString(), new PlainHttp(settings.allowsPlainHttp()));
        }
        return new AwsEndpoint(url, region(address, settings.region(), url));
    }

    /** The region of a queue URL at AWS comes first: a call signed for another region cannot find that queue. */
    private static String region(QueueAddress address, @Nullable String setting, @Nullable URI url) {
        String ofQueue = address.region();
        if (ofQueue != null && address.atAws()) {
            return ofQueue;
        }
        if (setting != null) {
            return setting;
        }
        boolean aws = url == null || AwsEndpoint.isAwsHost(url.getHost());
        return aws ? AwsEndpoint.defaultRegion() : Objects.requireNonNullElse(ofQueue, EMULATOR_REGION);
    }

    QueueAddress address() {
        return address;
    }

    AwsEndpoint endpoint() {
        return aws.endpoint();
    }

    CredentialsChain credentials() {
        return aws.credentials();
    }

    /**
     * One ReceiveMessage call. Throws only InfrastructureException.
     *
     * @param waitSeconds for a first message, 0 to 20
     * @param attributes names of the message attributes that the pipeline reads; empty for none
     * @param request sets what is asked for besides queue, wait time and attributes
     */
    List<Message> receive(
            String queueUrl,
            int waitSeconds,
            ReceivedAttributes attributes,
            Consumer<ReceiveMessageRequest.Builder> request) {
        SqsClient client = waitSeconds > 0 ? polling : receiving;
        return aws
                .call(
                        "sqs:ReceiveMessage",
                        () -> client.receiveMessage(builder -> request.accept(builder.queueUrl(queueUrl)
                                .waitTimeSeconds(waitSeconds)
                                .messageAttributeNames(attributes.names())
                                .messageSystemAttributeNames(attributes.systemNames()))))
                .messages()
                .stream()
                .map(message -> MessageConverter.message(message, attributes))
                .toList();
    }

    /** Any other call. Throws only InfrastructureException. */
    <T> T call(String operation, Function<SqsClient, T> call) {
        return aws.call(operation, () -> call.apply(other));
    }

    /** All attributes of a queue. */
    GetQueueAttributesResponse attributes(String queueUrl) {
        return call(
                "sqs:GetQueueAttributes",
                sqs -> sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL)));
    }

    /**
     * The queue's URL: as given, or looked up by name. One call either way, so that a queue that is missing or not
     * permitted is noticed before the first message.
     */
    String resolveQueue() {
        URI url = address.url();
        if (url == null) {
            return call("sqs:GetQueueUrl", sqs -> sqs.getQueueUrl(request -> request.queueName(address.name())))
                    .queueUrl();
        }
        attributes(url.toString());
        return url.toString();
    }

    @Override
    public void close() {
        polling.close();
        receiving.close();
        other.close();
    }

    /** checksumValidationEnabled: the SDK compares each body with its MD5, received or sent, and fails the call. */
    private SqsClient client(int connections, Duration answerTimeout) {
        return aws.configure(SqsClient.builder(), retries())
                .checksumValidationEnabled(true)
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
