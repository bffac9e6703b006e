package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The credentials that sign the calls: a key pair in the environment, else the SDK's default chain (profile, web identity,
 * role of the container or the instance), else, for an emulator, placeholders. One rule for all services. Thread-safe.
 * Never shows a key.
 */
public final class CredentialsChain implements AwsCredentialsProvider {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsChain.class);

    private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String TOKEN = "AWS_SESSION_TOKEN";

    /** In words, the codes by which the SDK names its providers (BusinessMetricFeatureId, CREDENTIALS_*). */
    private static final Map<String, String> PROVIDERS = Map.of(
            "f", "system properties",
            "g", "environment variables",
            "h", "a web identity token",
            "k", "a web identity token",
            "n", "a profile",
            "o", "a profile with a source profile",
            "q", "a profile with a web identity token",
            "z", "the container's role",
            "0", "the instance's role");

    private final AwsCredentialsProvider provider;
    private final String kind;

    private CredentialsChain(AwsCredentialsProvider provider, String kind) {
        this.provider = provider;
        this.kind = kind;
    }

    /** @throws InfrastructureException of kind NOT_PERMITTED if the environment holds only half of a key pair */
    static CredentialsChain find(AwsEndpoint endpoint, Map<String, String> environment) {
        String keyId = environment.getOrDefault(KEY_ID, "");
        String secret = environment.getOrDefault(SECRET, "");
        if (keyId.isEmpty() != secret.isEmpty()) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED, "Only one of " + KEY_ID + " and " + SECRET + " is set; set both or neither.");
        }
        if (!keyId.isEmpty()) {
            return ofEnvironment(keyId, secret, environment.getOrDefault(TOKEN, ""));
        }
        return endpoint.isAws()
                ? new CredentialsChain(DefaultCredentialsProvider.builder().build(), "")
                : forEmulator(endpoint);
    }

    /** The credentials for the next call; the provider refreshes them when they expire. */
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (SdkException none) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED,
                    "No AWS credentials were found: set " + KEY_ID + " and " + SECRET
                            + ", AWS_PROFILE, or run with a task, pod or instance role.");
        }
    }

    /** Where the credentials come from, in words. Throws as {@link #resolveCredentials} does. */
    public String describe() {
        if (!kind.isEmpty()) {
            return kind;
        }
        String source = resolveCredentials().providerName().orElse("");
        return PROVIDERS.getOrDefault(source.replaceFirst(",.*", ""), "the SDK's default chain");
    }

    private static CredentialsChain ofEnvironment(String keyId, String secret, String token) {
        AwsCredentials keys = token.isEmpty()
                ? AwsBasicCredentials.create(keyId, secret)
                : AwsSessionCredentials.create(keyId, secret, token);
        return new CredentialsChain(
                StaticCredentialsProvider.create(keys),
                token.isEmpty() ? KEY_ID + " of the environment" : KEY_ID + " and " + TOKEN + " of the environment");
    }

    /**
     * An emulator needs a signature, but checks no key. On loopback the metadata services of containers and instances are
     * not called: on a machine that has none they only answer by time-out.
     */
    private static CredentialsChain forEmulator(AwsEndpoint endpoint) {
        AwsCredentialsProvider chain = endpoint.isLoopback()
                ? AwsCredentialsProviderChain.of(
                        SystemPropertyCredentialsProvider.create(),
                        EnvironmentVariableCredentialsProvider.create(),
                        ProfileCredentialsProvider.create())
                : DefaultCredentialsProvider.builder().build();
        try {
            chain.resolveCredentials();
            return new CredentialsChain(chain, "");
        } catch (SdkException none) {
            LOG.info("No AWS credentials were found. {} is not AWS: using placeholder credentials.", endpoint.shown());
            return new CredentialsChain(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
                    "placeholders, since this endpoint is not AWS");
        }
    }
}
