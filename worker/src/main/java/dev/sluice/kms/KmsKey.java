package dev.sluice.kms;

import dev.sluice.aws.AwsConnection;
import dev.sluice.aws.AwsEndpoint;
import dev.sluice.aws.AwsFailures;
import dev.sluice.aws.HttpClients;
import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyEncryptionKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.retry.RetryMode;
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

    /** KMS developer guide, "Key identifiers"; multi-region keys have the prefix {@code mrk-}. */
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]{1,32}):[0-9]{12}:key/[A-Za-z0-9-]{1,64}");

    /** As for SQS: a healthy endpoint accepts within one round trip; two SYNs are lost before this is over. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** KMS answers within some 10 ms; a key in an external key store may take 250 ms and more. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** Error codes of bytes that were encrypted with another key or another context. */
    private static final Set<String> OTHER_KEY = Set.of("InvalidCiphertext", "IncorrectKey");

    private final String arn;
    private final Map<String, String> context;
    private final AwsConnection connection;
    private final AwsFailures failures;

    KmsKey(String arn, String pipeline, Map<String, String> environment, PlainHttp plainHttp) {
        this.arn = arn;
        this.context = Map.of(CONTEXT, pipeline);
        String region = requireRegion(arn);
        AwsEndpoint endpoint = new AwsEndpoint(AwsEndpoint.ofEnvironment("KMS", environment, plainHttp), region);
        this.failures = new AwsFailures(
                "KMS",
                "with key " + arn,
                endpoint,
                "check the credentials, and that the policies of the role and of the key allow kms:Decrypt (and"
                        + " kms:Encrypt, to change keys) with the encryption context " + CONTEXT + "=" + pipeline + ".",
                KmsKey::configRemedy);
        this.connection = new AwsConnection(endpoint, environment, plainHttp, failures);
    }

    /**
     * The region of a key's ARN. Aliases and bare ids are refused: an alias can be pointed at another key, and a bare id
     * leaves account and region to the credentials.
     */
    static String requireRegion(String arn) {
        Matcher matcher = ARN.matcher(arn);
        if (!matcher.matches()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "Expected the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>, in SLUICE_KMS_KEY, --kms-key"
                            + " or kms-key of the keyset file.");
        }
        return matcher.group(1);
    }

    private static String configRemedy(String code) {
        return OTHER_KEY.contains(code)
                ? "the keyset file was encrypted with another key or for another pipeline, or is damaged."
                : "check that the key exists, is symmetric and enabled, and is not scheduled for deletion.";
    }

    @Override
    public String id() {
        return arn;
    }

    @Override
    public byte[] wrap(byte[] dataKey) {
        EncryptResponse answer = call(
                "kms:Encrypt",
                kms -> kms.encrypt(request ->
                        request.keyId(arn).encryptionContext(context).plaintext(SdkBytes.fromByteArray(dataKey))));
        return ofThisKey("kms:Encrypt", answer.keyId(), answer.ciphertextBlob());
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
        DecryptResponse answer = call(
                "kms:Decrypt",
                kms -> kms.decrypt(request ->
                        request.keyId(arn).encryptionContext(context).ciphertextBlob(SdkBytes.fromByteArray(wrapped))));
        return ofThisKey("kms:Decrypt", answer.keyId(), answer.plaintext());
    }

    private byte[] ofThisKey(String operation, String answered, SdkBytes bytes) {
        if (!arn.equals(answered)) {
            throw failures.failure(
                    Kind.CONFIG, operation, "another key answered", "the answer was not used; check the endpoint.");
        }
        return bytes.asByteArray();
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
                .httpClientBuilder(ignored -> HttpClients.create(CONNECT_TIMEOUT, ANSWER_TIMEOUT))
                .build();
    }

    /** The ARN, no key. */
    @Override
    public String toString() {
        return "KmsKey[" + arn + "]";
    }
}
