package dev.sluice.aws;

import dev.sluice.failure.BackOff;
import dev.sluice.failure.InfrastructureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * One signed call in AWS's JSON protocol, without the SDK's client for the service: that of Systems Manager alone weighs
 * 6 MB. Opens an HTTP client per call, since a process makes a few calls a day. Thread-safe.
 */
final class JsonCall {

    /** As for KMS: a healthy endpoint accepts within one round trip; two SYNs are lost before this is over. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Both services answer within some 10 ms, and call KMS for it. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** As the SDK's standard mode. */
    private static final int TRIES = 3;

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    /** A secret has at most 64 KiB (Secrets Manager quotas); JSON may write a character with six. */
    private static final int MAX_ANSWER_BYTES = 512 * 1024;

    private final AwsService service;
    private final AwsConnection connection;

    JsonCall(AwsService service, AwsConnection connection) {
        this.service = service;
        this.connection = connection;
    }

    /**
     * The body of the answer. Blocks; tries again after a transient failure.
     *
     * @throws InfrastructureException as its only failure
     */
    byte[] answer(byte[] body) {
        BackOff backOff = new BackOff(FIRST_WAIT);
        for (int attempt = 1; ; attempt++) {
            try {
                return connection.call(service.action(), () -> once(body));
            } catch (InfrastructureException failure) {
                if (!failure.isTransient() || attempt == TRIES) {
                    throw failure;
                }
                pause(backOff.next());
            }
        }
    }

    private byte[] once(byte[] body) {
        SignedRequest signed = sign(body);
        HttpExecuteRequest.Builder call = HttpExecuteRequest.builder().request(signed.request());
        signed.payload().ifPresent(call::contentStreamProvider);
        try (SdkHttpClient client = Apache5HttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(ANSWER_TIMEOUT)
                .build()) {
            return body(client.prepareRequest(call.build()).call());
        } catch (IOException e) {
            throw SdkClientException.create("", e);
        }
    }

    private SignedRequest sign(byte[] body) {
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(uri())
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", service.target())
                .build();
        return AwsV4HttpSigner.create().sign(call -> call.identity(
                        connection.credentials().resolveCredentials())
                .request(request)
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service.prefix())
                .putProperty(AwsV4HttpSigner.REGION_NAME, connection.endpoint().region()));
    }

    private URI uri() {
        AwsEndpoint endpoint = connection.endpoint();
        URI url = endpoint.url();
        if (url != null) {
            return url.getPath().isEmpty() ? url.resolve("/") : url;
        }
        Region region = Region.of(endpoint.region());
        return URI.create("https://" + service.prefix() + "." + region.id() + "."
                + PartitionMetadata.of(region).dnsSuffix() + "/");
    }

    private static byte[] body(HttpExecuteResponse answer) throws IOException {
        byte[] bytes = new byte[0];
        if (answer.responseBody().isPresent()) {
            try (InputStream body = answer.responseBody().get()) {
                bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
            }
        }
        SdkHttpResponse head = answer.httpResponse();
        if (!head.isSuccessful()) {
            throw refused(head, bytes);
        }
        if (bytes.length > MAX_ANSWER_BYTES) {
            throw SdkClientException.create("the answer is too long");
        }
        return bytes;
    }

    /** The error code is in the body (AWS JSON 1.1 protocol), or in a header that some answers have. */
    private static AwsServiceException refused(SdkHttpResponse head, byte[] body) {
        String header = head.firstMatchingHeader("x-amzn-ErrorType").orElse("");
        String type = header.isEmpty() ? JsonMember.text(body, "__type").orElse("") : header;
        String code = type.replaceFirst("^.*#", "").replaceFirst(":.*$", "");
        return AwsServiceException.builder()
                .statusCode(head.statusCode())
                .requestId(requestId(head))
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code.matches("[A-Za-z.]{1,100}") ? code : "")
                        .build())
                .build();
    }

    private static @Nullable String requestId(SdkHttpResponse head) {
        return head.firstMatchingHeader("x-amzn-RequestId")
                .filter(id -> id.matches("[A-Za-z0-9-]{1,64}"))
                .orElse(null);
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
