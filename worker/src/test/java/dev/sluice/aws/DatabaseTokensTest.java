package dev.sluice.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseTokensTest {

    private static final String HOST = "shop.abc123.eu-central-1.rds.amazonaws.com";
    private static final Map<String, String> KEYS =
            Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "example-secret");
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void isTheUrlThatRdsExpects() {
        assertThat(token("worker", Map.of()))
                .startsWith(HOST + ":5432/?")
                .contains("Action=connect")
                .contains("DBUser=worker")
                .contains("X-Amz-Algorithm=AWS4-HMAC-SHA256")
                .contains("X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Feu-central-1%2Frds-db%2Faws4_request")
                .contains("X-Amz-Date=20261122T120000Z")
                .contains("X-Amz-Expires=900")
                .contains("X-Amz-SignedHeaders=host")
                .doesNotContain("example-secret");
    }

    /** Recomputes the signature as the IAM user guide describes it (Create a signed AWS API request). */
    @Test
    void isSigned() throws GeneralSecurityException {
        for (String user : List.of("worker", "iam user+ü/&=%")) {
            for (Map<String, String> session :
                    List.of(Map.<String, String>of(), Map.of("AWS_SESSION_TOKEN", "session/+="))) {
                URI url = URI.create("https://" + token(user, session));
                String query = Arrays.stream(url.getRawQuery().split("&", -1))
                        .filter(part -> !part.startsWith("X-Amz-Signature="))
                        .sorted()
                        .collect(Collectors.joining("&"));
                String request = "GET\n/\n" + query + "\nhost:" + HOST + ":5432\n\nhost\n" + sha256("");
                String text = "AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/eu-central-1/rds-db/aws4_request\n"
                        + sha256(request);
                byte[] key = "AWS4example-secret".getBytes(UTF_8);
                for (String part : "20261122 eu-central-1 rds-db aws4_request".split(" ", -1)) {
                    key = hmac(key, part);
                }

                assertThat(url.getRawQuery())
                        .contains("X-Amz-Signature=" + HexFormat.of().formatHex(hmac(key, text)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shop.abc.us-gov-west-1.rds.amazonaws.com, eu-west-1, us-gov-west-1",
        "shop.abc.rds.cn-north-1.amazonaws.com.cn, eu-west-1, cn-north-1",
        "shop.cluster-ro-abc.ap-southeast-2.rds.amazonaws.com, eu-west-1, ap-southeast-2",
        "db.example, eu-west-1, eu-west-1",
        "eu-north-1.rds.amazonaws.com.evil.example, eu-west-1, eu-west-1"
    })
    void isForTheRegionOfTheHostElseOfTheSettings(String host, String setting, String region) {
        assertThat(new DatabaseTokens(KEYS, NOON).token(host, 5432, "u", setting))
                .contains("%2F20261122%2F" + region + "%2Frds-db%2F");
    }

    @Test
    void needsAWholePairOfKeys() {
        DatabaseTokens half = new DatabaseTokens(Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), NOON);

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> half.token(HOST, 5432, "u", null))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED));
    }

    private static String token(String user, Map<String, String> session) {
        Map<String, String> environment = new HashMap<>(KEYS);
        environment.putAll(session);
        return new DatabaseTokens(environment, NOON).token(HOST, 5432, user, null);
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
