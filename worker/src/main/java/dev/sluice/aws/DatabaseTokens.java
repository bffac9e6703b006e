package dev.sluice.aws;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/**
 * Passwords for IAM authentication of RDS: a URL that is signed and never called (RDS user guide, "Connecting using IAM
 * authentication"). Made on this machine; only the credentials may have to be fetched. Thread-safe.
 */
final class DatabaseTokens {

    /** RDS accepts none that is older; a session may last longer. */
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    /** NAME.ID.REGION.rds.amazonaws.com, and in China NAME.ID.rds.REGION.amazonaws.com.cn. */
    private static final Pattern RDS_HOST =
            Pattern.compile("[a-z0-9.-]+\\.(?:(?<region>[a-z]{2}(?:-[a-z]+)+-[0-9])\\.rds\\."
                    + "amazonaws\\.com|rds\\.(?<china>cn-[a-z]+-[0-9])\\.amazonaws\\.com\\.cn)");

    private static final String SCHEME = "https://";

    private final Map<String, String> environment;
    private final Clock clock;

    /** One per region, since a chain keeps the credentials that it has fetched until they expire. */
    private final Map<String, CredentialsChain> chains = new ConcurrentHashMap<>();

    DatabaseTokens(Map<String, String> environment, Clock clock) {
        this.environment = Map.copyOf(environment);
        this.clock = clock;
    }

    /**
     * A token for the next connection.
     *
     * @param setting the region that is set; null for none. The host name's counts first: queue and database may be in
     *     different regions.
     * @throws InfrastructureException NOT_PERMITTED without credentials, CONFIG without a region
     */
    String token(String host, int port, String user, @Nullable String setting) {
        String region = region(host, setting);
        CredentialsChain credentials =
                chains.computeIfAbsent(region, name -> CredentialsChain.find(new AwsEndpoint(null, name), environment));
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.GET)
                .protocol("https")
                .host(host)
                .port(port)
                .encodedPath("/")
                .putRawQueryParameter("DBUser", user)
                .putRawQueryParameter("Action", "connect")
                .build();
        try {
            return AwsV4HttpSigner.create()
                    .sign(call -> call.identity(credentials.resolveCredentials())
                            .request(request)
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "rds-db")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                            .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, LIFETIME)
                            .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                    .request()
                    .getUri()
                    .toString()
                    .substring(SCHEME.length());
        } catch (SdkException unsigned) {
            throw new InfrastructureException(
                    Kind.FATAL,
                    "The token for the database could not be signed ("
                            + unsigned.getClass().getSimpleName() + "): this is a defect, please report it.");
        }
    }

    private static String region(String host, @Nullable String setting) {
        Matcher rds = RDS_HOST.matcher(host);
        if (rds.matches()) {
            return rds.group("region") == null ? rds.group("china") : rds.group("region");
        }
        return setting == null ? AwsEndpoint.defaultRegion() : setting;
    }
}
