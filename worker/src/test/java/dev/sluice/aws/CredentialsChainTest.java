package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class CredentialsChainTest {

    private static final AwsEndpoint LOCAL = new AwsEndpoint(URI.create("http://localhost:4566"), "us-east-1");

    @Test
    void takesKeysOfTheGivenEnvironment() {
        CredentialsChain credentials = CredentialsChain.find(
                LOCAL, Map.of("AWS_ACCESS_KEY_ID", "AKIDCANARY", "AWS_SECRET_ACCESS_KEY", "secret-canary"));

        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("AKIDCANARY");
        assertThat(credentials.describe()).contains("AWS_ACCESS_KEY_ID").doesNotContain("CANARY", "canary");
    }

    @Test
    void takesSessionToken() {
        CredentialsChain credentials = CredentialsChain.find(
                LOCAL,
                Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b", "AWS_SESSION_TOKEN", "token-canary"));

        assertThat(credentials.resolveCredentials())
                .isInstanceOfSatisfying(AwsSessionCredentials.class, keys -> assertThat(keys.sessionToken())
                        .isEqualTo("token-canary"));
        assertThat(credentials.describe()).doesNotContain("canary");
    }

    @Test
    void refusesHalfAKeyPairWithoutShowingIt() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> CredentialsChain.find(LOCAL, Map.of("AWS_SECRET_ACCESS_KEY", "secret-canary")))
                .withMessageNotContaining("canary")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.NOT_PERMITTED));
    }

    @Test
    void usesPlaceholdersForAnEmulatorOnly() {
        CredentialsChain credentials = CredentialsChain.find(LOCAL, Map.of());

        assertThat(credentials.describe()).contains("placeholders");
    }
}
