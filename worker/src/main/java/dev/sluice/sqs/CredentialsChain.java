package dev.sluice.sqs;

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
 * Where the keys that sign the calls come from: the environment handed in, else the SDK's default chain, else, for an
 * emulator, keys that mean nothing. Thread-safe. Never shows a key.
 */
final class CredentialsChain implements AwsCredentialsProvider {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsChain.class);

    private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String TOKEN = "AWS_SESSION_TOKEN";

    /** The codes under which the SDK names its providers (BusinessMetricFeatureId, CREDENTIALS_*), in words. */
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

    /**
     * Chooses for this place.
     *
     * @throws InfrastructureException of kind NOT_PERMITTED when the environment holds half of a key pair
     */
    static CredentialsChain find(AwsEndpoint place, Map<String, String> environment) {
        String keyId = environment.getOrDefault(KEY_ID, "");
        String secret = environment.getOrDefault(SECRET, "");
        if (keyId.isEmpty() != secret.isEmpty()) {
            throw new InfrastructureException(
                    Kind.NOT_PERMITTED, "Only one of " + KEY_ID + " and " + SECRET + " is set; set both or neither.");
        }
        if (!keyId.isEmpty()) {
            return ofEnvironment(keyId, secret, environment.getOrDefault(TOKEN, ""));
        }
        return place.isAws() ? ofChain(DefaultCredentialsProvider.builder().build()) : forEmulator(place);
    }

    /** The keys to sign the next call with; refreshed by the provider when they run out. */
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

    /** Which kind of provider gave them, in words; asks the provider, so it may throw as resolving does. */
    String describe() {
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

    private static CredentialsChain ofChain(AwsCredentialsProvider chain) {
        return new CredentialsChain(chain, "");
    }

    /**
     * An emulator needs a signature, but looks at no key. On loopback the metadata services of containers and instances
     * are not asked: they answer by time-out on a machine that has none.
     */
    private static CredentialsChain forEmulator(AwsEndpoint place) {
        AwsCredentialsProvider chain = place.isLoopback()
                ? AwsCredentialsProviderChain.of(
                        SystemPropertyCredentialsProvider.create(),
                        EnvironmentVariableCredentialsProvider.create(),
                        ProfileCredentialsProvider.create())
                : DefaultCredentialsProvider.builder().build();
        try {
            chain.resolveCredentials();
            return ofChain(chain);
        } catch (SdkException none) {
            LOG.info("No AWS credentials were found; {} is not AWS and gets made-up ones", place.shown());
            return new CredentialsChain(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")),
                    "made-up ones, since this is not AWS");
        }
    }
}
