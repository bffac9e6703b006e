package dev.sluice.aws;

import dev.sluice.config.Loopback;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where the calls to an AWS service go, and the region that they are signed for. Immutable.
 *
 * @param url scheme, host and port; null for the SDK's own endpoint of the region
 * @param region never empty
 */
public record AwsEndpoint(@Nullable URI url, String region) {

    /** amazonaws.com, amazonaws.com.cn, and the dual-stack domains api.aws and api.amazonwebservices.com.cn. */
    private static final Pattern AWS_HOST =
            Pattern.compile("(.+\\.)(amazonaws\\.com(\\.cn)?|api\\.aws|api\\.amazonwebservices\\.com\\.cn)");

    /**
     * The endpoint that the environment names: {@code AWS_ENDPOINT_URL_<SERVICE>}, else {@code AWS_ENDPOINT_URL}.
     * {@code AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true} disables both, and in the SDK the profile's endpoint (AWS SDKs and
     * Tools Reference Guide, "Service-specific endpoints").
     *
     * @param service as in the variable's name: KMS
     * @return null if it names none
     * @throws InfrastructureException as {@link #require}
     */
    public static @Nullable URI ofEnvironment(String service, Map<String, String> environment, PlainHttp plainHttp) {
        if ("true".equalsIgnoreCase(environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
            return null;
        }
        for (String variable : List.of("AWS_ENDPOINT_URL_" + service, "AWS_ENDPOINT_URL")) {
            String value = environment.getOrDefault(variable, "").strip();
            if (!value.isEmpty()) {
                return require(variable, value, plainHttp);
            }
        }
        return null;
    }

    /**
     * Parses an endpoint.
     *
     * @param setting where it was read from, for the message
     * @throws InfrastructureException of kind CONFIG if it is not a URL with scheme and host and without a user, or is plain
     *     http where that is not allowed
     */
    public static URI require(String setting, String text, PlainHttp plainHttp) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null) {
                plainHttp.require(setting, url.getScheme(), url.getHost());
                return url;
            }
        } catch (URISyntaxException malformed) {
            // reported below
        }
        throw new InfrastructureException(
                Kind.CONFIG, "Expected in " + setting + " a URL such as http://localhost:4566, without a user.");
    }

    /**
     * The region of the SDK's default chain: environment, profile, the instance's metadata service.
     *
     * @throws InfrastructureException of kind CONFIG if none of them has one
     */
    public static String defaultRegion() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion().id();
        } catch (SdkException none) {
            throw new InfrastructureException(
                    Kind.CONFIG, "No AWS region is set: set AWS_REGION, or give the queue as a URL (SLUICE_QUEUE).");
        }
    }

    /** Whether a host belongs to AWS, by its domain. */
    public static boolean isAwsHost(String host) {
        return AWS_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether this is AWS, rather than an emulator or a proxy. */
    public boolean isAws() {
        return url == null || isAwsHost(url.getHost());
    }

    /** Whether the calls stay on this machine, where only an emulator can be. */
    boolean isLoopback() {
        if (url == null) {
            return false;
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return Loopback.isThisMachine(host) || host.endsWith("localhost.localstack.cloud");
    }

    /** For messages: the URL, or the region of AWS. */
    public String shown() {
        return url == null ? "AWS region " + region : url.toString();
    }
}
