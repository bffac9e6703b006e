package dev.sluice.kms;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyEncryption;
import dev.sluice.keys.KeyEncryptionKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The package's factory: keys of AWS KMS, each in the region of its ARN, or at AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL.
 * Thread-safe. Calls nothing until a key is used.
 */
public final class KmsEncryption implements KeyEncryption {

    private final String pipeline;
    private final @Nullable String demanded;
    private final Map<String, String> environment;
    private final PlainHttp plainHttp;

    /**
     * @param pipeline the pipeline's name, the encryption context of every call
     * @param demanded the ARN that the operator has set; null for none
     * @param environment the process's, for endpoint and credentials
     * @param plainHttp where calls may use plain http
     * @throws InfrastructureException of kind CONFIG if {@code demanded} is not the ARN of a key
     */
    public KmsEncryption(
            String pipeline, @Nullable String demanded, Map<String, String> environment, PlainHttp plainHttp) {
        this.pipeline = pipeline;
        this.demanded = demanded == null ? null : KeyArn.parse(demanded).text();
        this.environment = Map.copyOf(environment);
        this.plainHttp = plainHttp;
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public @Nullable String demanded() {
        return demanded;
    }

    /**
     * @throws InfrastructureException of kind CONFIG if the id is not the ARN of a key, or the endpoint is not a URL or is
     *     refused; NOT_PERMITTED if only half of a key pair is set
     */
    @Override
    public KeyEncryptionKey key(String id) {
        return new KmsKey(KeyArn.parse(id), pipeline, environment, plainHttp);
    }
}
