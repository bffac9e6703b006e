package dev.sluice.sqs;

import dev.sluice.aws.PlainHttp;
import dev.sluice.config.Loopback;
import dev.sluice.config.QueueSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where the calls go and which region they are signed for, found from settings, environment and queue URL. Immutable.
 *
 * @param endpoint scheme, host and port; null for the SDK's own endpoint of the region
 * @param region never empty
 */
record AwsEndpoint(@Nullable URI endpoint, String region) {

    /** Emulators take any region; this is the one that their own documentation uses. */
    private static final String EMULATOR_REGION = "us-east-1";

    /**
     * Finds it. May ask the instance's metadata service for the region, if nothing nearer says it.
     *
     * @throws InfrastructureException of kind CONFIG when the endpoint is no URL, is refused, or no region is said
     */
    static AwsEndpoint of(QueueAddress address, QueueSettings settings, Map<String, String> environment) {
        URI endpoint = endpoint(address, settings, environment);
        return new AwsEndpoint(endpoint, region(address, settings, environment, endpoint));
    }

    /** Whether AWS is called, rather than an emulator or something that stands between. */
    boolean isAws() {
        return endpoint == null || QueueAddress.isAwsHost(endpoint.getHost());
    }

    /** Whether the calls stay on this machine, where only an emulator can be. */
    boolean isLoopback() {
        return endpoint != null && isLoopback(endpoint.getHost().toLowerCase(Locale.ROOT));
    }

    /** For messages: the endpoint, or the region of AWS. */
    String shown() {
        return endpoint == null ? "AWS region " + region : endpoint.toString();
    }

    private static boolean isLoopback(String host) {
        return Loopback.isThisMachine(host) || host.endsWith("localhost.localstack.cloud");
    }

    private static @Nullable URI endpoint(
            QueueAddress address, QueueSettings settings, Map<String, String> environment) {
        PlainHttp plainHttp = new PlainHttp(settings.allowsPlainHttp());
        if (settings.endpoint() != null) {
            String setting = "the endpoint setting";
            return plainHttp.require(setting, checked(setting, settings.endpoint()));
        }
        for (String variable : List.of("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL")) {
            String value = environment.getOrDefault(variable, "").strip();
            if (!value.isEmpty()) {
                return plainHttp.require(variable, parsed(variable, value));
            }
        }
        URI origin = address.origin();
        return origin == null ? null : plainHttp.require("the queue's URL", origin);
    }

    private static URI parsed(String variable, String value) {
        try {
            return checked(variable, URI.create(value));
        } catch (IllegalArgumentException malformed) {
            throw notAnEndpoint(variable);
        }
    }

    private static URI checked(String setting, URI endpoint) {
        boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (!http || endpoint.getHost() == null || endpoint.getRawUserInfo() != null) {
            throw notAnEndpoint(setting);
        }
        return endpoint;
    }

    private static InfrastructureException notAnEndpoint(String setting) {
        return new InfrastructureException(
                Kind.CONFIG, "Expected in " + setting + " a URL such as http://localhost:4566, without a user.");
    }

    /** A URL at AWS comes first: a call signed for any other region than its own cannot find that queue. */
    private static String region(
            QueueAddress address, QueueSettings settings, Map<String, String> environment, @Nullable URI endpoint) {
        String ofUrl = address.region();
        boolean aws = endpoint == null || QueueAddress.isAwsHost(endpoint.getHost());
        return Stream.of(address.atAws() ? ofUrl : null, settings.region(), environment.get("AWS_REGION"))
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseGet(() -> aws ? regionOfChain() : Objects.requireNonNullElse(ofUrl, EMULATOR_REGION));
    }

    private static String regionOfChain() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion().id();
        } catch (SdkException none) {
            throw new InfrastructureException(
                    Kind.CONFIG, "No AWS region is set: set AWS_REGION, or give the queue as a URL (SLUICE_QUEUE).");
        }
    }
}
