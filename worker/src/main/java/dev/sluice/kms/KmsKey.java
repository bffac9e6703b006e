package dev.sluice.kms;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsEndpoint;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyEncryptionKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/**
 * One KMS key. Every call names the key by ARN and carries the pipeline as encryption context, which KMS authenticates and
 * CloudTrail shows; an answer from another key is refused. Opens a client per call, since a process makes one or two calls
 * a day. Thread-safe.
 */
final class KmsKey implements KeyEncryptionKey {

    private static final String CONTEXT = "sluice-pipeline";

    /** As for SQS: a healthy endpoint accepts within one round trip; two SYNs are lost before this is over. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** KMS answers within some 10 ms; a key in an external key store may take 250 ms and more. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** Error codes of bytes that were encrypted with another key or another context. */
    private static final Set<String> OTHER_KEY = Set.of("InvalidCiphertext", "IncorrectKey");

    private final KeyArn arn;
    private final Map<String, String> context;
    private final AwsConnection connection;
    private final AwsFailures failures;

    KmsKey(KeyArn arn, String pipeline, Map<String, String> environment, PlainHttp plainHttp) {
        this.arn = arn;
        this.context = Map.of(CONTEXT, pipeline);
        AwsEndpoint endpoint =
                new AwsEndpoint(AwsEndpoint.configured("KMS", null, environment, plainHttp), arn.region());
        this.failures = new AwsFailures(
                "KMS",
                "with key " + arn.text(),
                endpoint,
                "check the credentials, and that the policies of the role and of the key allow kms:Decrypt (and"
                        + " kms:Encrypt, to change keys) with the encryption context " + CONTEXT + "=" + pipeline + ".",
                KmsKey::configRemedy);
        this.connection = new AwsConnection(endpoint, environment, plainHttp, failures);
    }

    private static String configRemedy(String code) {
        return OTHER_KEY.contains(code)
                ? "the keyset file was encrypted with another key or for another pipeline, or is damaged."
                : "check that the key exists, is symmetric and enabled, and is not scheduled for deletion.";
    }

    @Override
    public String id() {
        return arn.text();
    }

    @Override
    public byte[] wrap(byte[] dataKey) {
        String operation = "kms:Encrypt";
        EncryptResponse answer = call(
                operation,
                kms -> kms.encrypt(request -> request.keyId(arn.text())
                        .encryptionContext(context)
                        .plaintext(SdkBytes.fromByteArray(dataKey))));
        requireThisKey(operation, answer.keyId());
        return answer.ciphertextBlob().asByteArray();
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
        String operation = "kms:Decrypt";
        DecryptResponse answer = call(
                operation,
                kms -> kms.decrypt(request -> request.keyId(arn.text())
                        .encryptionContext(context)
                        .ciphertextBlob(SdkBytes.fromByteArray(wrapped))));
        requireThisKey(operation, answer.keyId());
        return answer.plaintext().asByteArray();
    }

    private void requireThisKey(String operation, String answered) {
        if (!arn.text().equals(answered)) {
            throw failures.failure(
                    Kind.CONFIG, operation, "another key answered", "the answer was not used; check the endpoint.");
        }
    }

    private <T> T call(String operation, Function<KmsClient, T> action) {
        return connection.call(operation, () -> {
            try (KmsClient client = open()) {
                return action.apply(client);
            }
        });
    }

    /** The SDK's standard mode tries three times, with jitter. */
    private KmsClient open() {
        return connection
                .configure(KmsClient.builder(), AwsRetryStrategy.forRetryMode(RetryMode.STANDARD))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(ANSWER_TIMEOUT))
                .build();
    }

    /** The ARN, no key. */
    @Override
    public String toString() {
        return "KmsKey[" + arn.text() + "]";
    }
}
