package dev.sluice.sqs;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsEndpoint;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.CallListener;
import dev.sluice.aws.CredentialsChain;
import dev.sluice.aws.HttpClients;
import dev.sluice.aws.PlainHttp;
import dev.sluice.config.QueueSettings;
import dev.sluice.failure.InfrastructureException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The connection to one queue's service: the SDK's client, for calls that are made now and then, and {@link MessageCalls}.
 * Thread-safe. Opens nothing until the first call.
 */
final class SqsConnection implements AutoCloseable {

    /** Emulators take any region; their documentation uses this one. */
    private static final String EMULATOR_REGION = "us-east-1";

    private static final Set<String> NO_SUCH_QUEUE =
            Set.of("QueueDoesNotExist", "NonExistentQueue", "InvalidAddress", "ResourceNotFound");

    private final QueueAddress address;
    private final AwsConnection aws;
    private final SqsClient client;
    private final MessageCalls calls;

    private SqsConnection(QueueAddress address, AwsConnection aws) {
        this.address = address;
        this.aws = aws;
        this.client = client();
        this.calls = new MessageCalls(aws);
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

    /** The calls that are made for messages; possible after one {@linkplain #call other call} at least. */
    MessageCalls calls() {
        return calls;
    }

    /** Any other call. Throws only InfrastructureException. */
    <T> T call(String operation, Function<SqsClient, T> call) {
        return aws.call(operation, () -> call.apply(client));
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
        client.close();
        calls.close();
    }

    /** checksumValidationEnabled: the SDK compares what SQS received of a message with what was sent, and fails the call. */
    private SqsClient client() {
        return aws.configure(SqsClient.builder(), retries())
                .checksumValidationEnabled(true)
                .httpClientBuilder(
                        ignored -> HttpClients.create(MessageCalls.CONNECT_TIMEOUT, MessageCalls.ANSWER_TIMEOUT))
                .build();
    }

    private static RetryStrategy retries() {
        BackoffStrategy pause = BackoffStrategy.exponentialDelayHalfJitter(
                MessageCalls.BETWEEN_ATTEMPTS, MessageCalls.BETWEEN_ATTEMPTS);
        return AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                .maxAttempts(MessageCalls.ATTEMPTS)
                .backoffStrategy(pause)
                .throttlingBackoffStrategy(pause)
                .build();
    }
}
