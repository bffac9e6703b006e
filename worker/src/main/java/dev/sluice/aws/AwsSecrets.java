package dev.sluice.aws;

import dev.sluice.config.SecretArn;
import dev.sluice.config.SecretStore;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of Secrets Manager and Parameter Store, each in the region that its ARN names or at AWS_ENDPOINT_URL_SECRETS_MANAGER
 * and AWS_ENDPOINT_URL_SSM, and tokens for RDS. Keeps nothing: the caller decides when to fetch again. Thread-safe.
 */
public final class AwsSecrets implements SecretStore {

    /** Error codes for a secret whose KMS key cannot be used; without "Exception", as in {@link AwsFailures}. */
    private static final Set<String> KEY_FAILURES = Set.of("DecryptionFailure", "InvalidKeyId");

    /** As for KMS: a healthy endpoint accepts within one round trip; two SYNs are lost before this is over. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Both services answer within some 10 ms, and call KMS for it. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** As many tries as the SDK's standard mode. */
    private static final JsonCalls.Retries RETRIES = new JsonCalls.Retries(3, Duration.ofMillis(200));

    private static final String NOT_USED = "the secret is not used.";

    private final Map<String, String> environment;
    private final PlainHttp plainHttp;
    private final DatabaseTokens tokens;

    /**
     * @param environment the process's, for endpoints and credentials
     * @param plainHttp where calls may go without TLS
     */
    public AwsSecrets(Map<String, String> environment, PlainHttp plainHttp) {
        this.environment = Map.copyOf(environment);
        this.plainHttp = plainHttp;
        this.tokens = new DatabaseTokens(environment, Clock.systemUTC());
    }

    /**
     * @throws InfrastructureException NOT_PERMITTED if the credentials do not allow it, CONFIG if there is no such secret, if
     *     it is binary, empty, or without the ARN's key, TRANSIENT if the service does not answer
     */
    @Override
    public String fetch(Setting setting, SecretArn arn) {
        AwsService service = AwsService.of(arn.service());
        AwsEndpoint endpoint =
                new AwsEndpoint(AwsEndpoint.ofEnvironment(service.variable(), environment, plainHttp), arn.region());
        AwsFailures failures = new AwsFailures(
                service.label(),
                "for " + setting.key() + ", secret " + arn,
                endpoint,
                "check the credentials, and that the policies of the role and of the secret allow " + service.action()
                        + ", and kms:Decrypt on its KMS key.",
                AwsSecrets::configRemedy);
        SecretText text = new SecretText(failures, service.action());
        try (JsonCalls calls = calls(service, new AwsConnection(endpoint, environment, plainHttp, failures))) {
            byte[] answer =
                    calls.call(service.action(), service.target(), service.request(arn.name()), Function.identity());
            return text.read(answer, service.textPath(), arn.jsonKey());
        }
    }

    /** An HTTP client per secret, since a process fetches a few a day. */
    private static JsonCalls calls(AwsService service, AwsConnection connection) {
        return new JsonCalls(
                connection,
                service.protocol(),
                () -> service.address(connection.endpoint()),
                HttpClients.create(CONNECT_TIMEOUT, ANSWER_TIMEOUT),
                RETRIES);
    }

    private static String configRemedy(String code) {
        if (KEY_FAILURES.contains(code)) {
            return "check that the secret's KMS key is enabled and that kms:Decrypt is allowed on it; " + NOT_USED;
        }
        return "check that the ARN is right, and that the secret exists there, has a value and is not scheduled for deletion.";
    }

    /**
     * @throws InfrastructureException NOT_PERMITTED without AWS credentials, CONFIG without a region
     */
    @Override
    public String databaseToken(String host, int port, String user, @Nullable String region) {
        return tokens.token(host, port, user, region);
    }
}
