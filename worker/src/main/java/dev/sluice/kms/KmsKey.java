package dev.sluice.kms;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyEncryptionKey;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/**
 * One key of KMS. Every call names it by ARN and bears the pipeline as encryption context, which KMS authenticates and
 * CloudTrail shows, and the key that answers must be the one that was named. A client for each call: there are two in a
 * process's day. Thread-safe.
 */
final class KmsKey implements KeyEncryptionKey {

    private static final String CONTEXT = "sluice-pipeline";

    private final KeyArn arn;
    private final Map<String, String> context;
    private final KmsConnection connection;
    private final KmsFailures failures;

    KmsKey(KeyArn arn, String pipeline, Map<String, String> environment, PlainHttp plainHttp) {
        this.arn = arn;
        this.context = Map.of(CONTEXT, pipeline);
        this.connection = KmsConnection.to(arn, environment, plainHttp);
        this.failures = new KmsFailures(arn.text(), pipeline, connection.shown());
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
            throw failures.otherKey(operation);
        }
    }

    /** Throws {@link InfrastructureException} only; what is caught is whatever the SDK lets through. */
    private <T> T call(String operation, Function<KmsClient, T> action) {
        try (KmsClient client = connection.open()) {
            return action.apply(client);
        } catch (RuntimeException thrown) {
            throw failures.translate(operation, thrown);
        }
    }

    /** The ARN; no key is here. */
    @Override
    public String toString() {
        return "KmsKey[" + arn.text() + "]";
    }
}
