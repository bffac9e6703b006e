package dev.sluice.kms;

import dev.sluice.aws.PlainHttp;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyEncryption;
import dev.sluice.keys.KeyEncryptionKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The package's entry point: keys of AWS KMS, each in the region that its ARN names, or at AWS_ENDPOINT_URL_KMS or
 * AWS_ENDPOINT_URL. Thread-safe. Calls KMS only when a key is used.
 */
public final class KmsEncryption implements KeyEncryption {

    private final String pipeline;
    private final @Nullable String demanded;
    private final Map<String, String> environment;
    private final PlainHttp plainHttp;

    /**
     * @param pipeline the pipeline's name, which every call carries as its encryption context
     * @param demanded the ARN of the key that must encrypt the file; null for any
     * @param environment the process's, for endpoint and credentials
     * @param plainHttp where calls may go without TLS
     * @throws InfrastructureException of kind CONFIG if {@code demanded} is not the ARN of a key
     */
    public KmsEncryption(
            String pipeline, @Nullable String demanded, Map<String, String> environment, PlainHttp plainHttp) {
        if (demanded != null) {
            KmsKey.requireRegion(demanded);
        }
        this.pipeline = pipeline;
        this.demanded = demanded;
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
        return new KmsKey(id, pipeline, environment, plainHttp);
    }
}
