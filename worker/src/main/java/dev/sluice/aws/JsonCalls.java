package dev.sluice.aws;

import dev.sluice.failure.BackOff;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import tools.jackson.core.JacksonException;

/**
 * Signed calls in AWS's JSON protocol over the SDK's HTTP client and signer, without its client for the service: that
 * spends most of its time on request and response objects, interceptors and endpoint rules (docs/performance.md).
 * Thread-safe. What fails throws as the SDK does, for {@link AwsConnection#call} to translate.
 */
public final class JsonCalls implements AutoCloseable {

    /** Asks for the error codes of the older query protocol too, as the SDK does for SQS (Smithy, awsQueryCompatible). */
    private static final String QUERY_MODE = "x-amzn-query-mode";

    private final AwsConnection connection;
    private final Protocol protocol;
    private final SdkHttpClient http;
    private final Retries retries;
    private final Supplier<URI> where;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /** Put right when the service finds it wrong, so that the next try is signed for a time that it takes. */
    private volatile Clock clock = Clock.systemUTC();

    /**
     * How a service is called.
     *
     * @param signingName the name that calls are signed for
     * @param version of the JSON protocol: "1.0", "1.1"
     * @param maxAnswerBytes what is longer is not an answer of this service
     */
    public record Protocol(String signingName, String version, int maxAnswerBytes) {}

    /**
     * How often a call is tried, when it was not answered, or the service failed, throttled, or found the clock wrong.
     *
     * @param tries at least 1
     * @param pause the first step of the {@link BackOff} between them
     */
    public record Retries(int tries, Duration pause) {}

    /**
     * @param where scheme, host, port and path that calls go to, asked for each
     * @param http closed with this
     */
    public JsonCalls(
            AwsConnection connection, Protocol protocol, Supplier<URI> where, SdkHttpClient http, Retries retries) {
        this.connection = connection;
        this.protocol = protocol;
        this.where = where;
        this.http = http;
        this.retries = retries;
    }

    /**
     * Makes a call. Blocks, through all tries.
     *
     * @param action its name in IAM, for messages: "sqs:ReceiveMessage"
     * @param target value of the header X-Amz-Target
     * @param reader reads the body of the answer; throws a JacksonException or an IllegalArgumentException if it is not an
     *     answer, which counts as none
     * @throws dev.sluice.failure.InfrastructureException as its only failure
     */
    public <T> T call(String action, String target, byte[] body, Function<byte[], T> reader) {
        return connection.call(action, () -> tried(action, target, body, reader));
    }

    private <T> T tried(String action, String target, byte[] body, Function<byte[], T> reader) {
        BackOff backOff = new BackOff(retries.pause());
        for (int attempt = 1; ; attempt++) {
            try {
                return read(once(action, target, body), reader);
            } catch (SdkException failure) {
                if (attempt == retries.tries() || !isRetryable(failure)) {
                    throw failure;
                }
                pause(backOff.next());
            }
        }
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As the SDK's standard mode. */
    private static boolean isRetryable(SdkException failure) {
        return !(failure instanceof SdkServiceException answered)
                || answered.statusCode() >= 500
                || answered.isThrottlingException()
                || answered.isClockSkewException();
    }

    /** Without the reader's exception, which may quote the answer. */
    private static <T> T read(byte[] answer, Function<byte[], T> reader) {
        try {
            return reader.apply(answer);
        } catch (JacksonException | IllegalArgumentException malformed) {
            throw SdkClientException.create("the answer is not what the service documents");
        }
    }

    private byte[] once(String action, String target, byte[] body) {
        SignedRequest signed = sign(target, body);
        HttpExecuteRequest.Builder request = HttpExecuteRequest.builder().request(signed.request());
        signed.payload().ifPresent(request::contentStreamProvider);
        try {
            return body(action, http.prepareRequest(request.build()).call());
        } catch (IOException e) {
            throw SdkClientException.create("", e);
        }
    }

    private SignedRequest sign(String target, byte[] body) {
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(where.get())
                .putHeader("Content-Type", "application/x-amz-json-" + protocol.version())
                .putHeader("Content-Length", Integer.toString(body.length))
                .putHeader("User-Agent", "sluice")
                .putHeader("X-Amz-Target", target)
                .putHeader(QUERY_MODE, "true")
                .build();
        return signer.sign(call -> call.identity(connection.credentials().resolveCredentials())
                .request(request)
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, protocol.signingName())
                .putProperty(AwsV4HttpSigner.REGION_NAME, connection.endpoint().region()));
    }

    /** Into one array where the answer says how long it is: most of what a worker allocates is answers. */
    private byte[] bytes(HttpExecuteResponse answer) throws IOException {
        if (answer.responseBody().isEmpty()) {
            return new byte[0];
        }
        long announced = answer.httpResponse()
                .firstMatchingHeader("Content-Length")
                .map(JsonCalls::length)
                .orElse(-1L);
        int longest = protocol.maxAnswerBytes();
        try (InputStream body = answer.responseBody().get()) {
            byte[] bytes = announced >= 0 && announced <= longest
                    ? exactly(body, (int) announced)
                    : body.readNBytes(longest + 1);
            if (bytes.length > longest || body.read() >= 0) {
                throw SdkClientException.create("the answer is too long");
            }
            return bytes;
        }
    }

    private static byte[] exactly(InputStream body, int length) throws IOException {
        byte[] bytes = new byte[length];
        if (body.readNBytes(bytes, 0, length) < length) {
            throw SdkClientException.create("the answer ends early");
        }
        return bytes;
    }

    private static long length(String header) {
        try {
            return Long.parseLong(header);
        } catch (NumberFormatException malformed) {
            return -1;
        }
    }

    private byte[] body(String action, HttpExecuteResponse answer) throws IOException {
        SdkHttpResponse head = answer.httpResponse();
        byte[] bytes = bytes(answer);
        if (XmlAnswers.isXml(head)) {
            throw connection.xmlAnswer(action, head.statusCode());
        }
        if (!head.isSuccessful()) {
            throw refused(head, bytes);
        }
        return bytes;
    }

    private AwsServiceException refused(SdkHttpResponse head, byte[] body) {
        Optional<Duration> skew = JsonError.skew(head);
        AwsServiceException refused = JsonError.exception(head, body, skew);
        if (refused.isClockSkewException()) {
            skew.ifPresent(ahead -> clock = Clock.offset(Clock.systemUTC(), ahead.negated()));
        }
        return refused;
    }

    @Override
    public void close() {
        http.close();
    }
}
