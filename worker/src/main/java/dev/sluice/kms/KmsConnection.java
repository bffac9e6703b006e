package dev.sluice.kms;

import dev.sluice.aws.PlainHttp;
import dev.sluice.config.Loopback;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * The way to KMS: region from the ARN, endpoint and credentials as for the queue. Immutable.
 *
 * @param endpoint scheme, host and port; null for AWS's own of the region
 * @param plainHttp where calls may go without TLS
 */
record KmsConnection(String region, @Nullable URI endpoint, AwsCredentialsProvider credentials, PlainHttp plainHttp) {

    /** As for SQS: a healthy endpoint accepts within one round trip; two SYNs are lost before this is over. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** KMS answers in some 10 ms; a key in an external store may take 250 ms and more. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    static KmsConnection to(KeyArn arn, Map<String, String> environment, PlainHttp plainHttp) {
        URI endpoint = endpoint(environment, plainHttp);
        return new KmsConnection(arn.region(), endpoint, credentials(environment, endpoint), plainHttp);
    }

    /** The caller closes it. The SDK's standard mode tries three times, with jitter. */
    KmsClient open() {
        KmsClientBuilder builder = KmsClient.builder();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.region(Region.of(region))
                .credentialsProvider(credentials)
                .overrideConfiguration(configuration -> {
                    configuration.retryStrategy(RetryMode.STANDARD);
                    plainHttp.guard(configuration);
                })
                .httpClientBuilder(Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(ANSWER_TIMEOUT))
                .build();
    }

    /** For messages. */
    String shown() {
        return endpoint == null ? "AWS region " + region : endpoint.toString();
    }

    private static @Nullable URI endpoint(Map<String, String> environment, PlainHttp plainHttp) {
        for (String variable : List.of("AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL")) {
            String value = environment.getOrDefault(variable, "").strip();
            if (!value.isEmpty()) {
                return plainHttp.require(variable, parsed(variable, value));
            }
        }
        return null;
    }

    private static URI parsed(String variable, String value) {
        try {
            URI url = new URI(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException malformed) {
            // told below, in the same words
        }
        throw new InfrastructureException(
                Kind.CONFIG, "Expected in " + variable + " a URL such as http://localhost:4566, without a user.");
    }

    /** Keys of the environment that was handed in, else the SDK's chain; an emulator on this machine looks at none. */
    private static AwsCredentialsProvider credentials(Map<String, String> environment, @Nullable URI endpoint) {
        String keyId = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        String token = environment.getOrDefault("AWS_SESSION_TOKEN", "");
        if (!keyId.isEmpty() && !secret.isEmpty()) {
            return StaticCredentialsProvider.create(
                    token.isEmpty()
                            ? AwsBasicCredentials.create(keyId, secret)
                            : AwsSessionCredentials.create(keyId, secret, token));
        }
        boolean onThisMachine = endpoint != null && Loopback.isThisMachine(endpoint.getHost());
        return onThisMachine
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))
                : DefaultCredentialsProvider.builder().build();
    }

    /** No credentials. */
    @Override
    public String toString() {
        return "KmsConnection[" + shown() + "]";
    }
}
