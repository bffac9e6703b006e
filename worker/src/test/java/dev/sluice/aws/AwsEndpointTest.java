package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsEndpointTest {

    private static final String OF_SERVICE = "AWS_ENDPOINT_URL_KMS";
    private static final String OF_ALL = "AWS_ENDPOINT_URL";

    @Test
    void takesTheServicesVariableThenTheOneOfAllServices() {
        assertThat(ofEnvironment(Map.of(OF_SERVICE, "https://stack:4566", OF_ALL, "x:")))
                .hasToString("https://stack:4566");
        assertThat(ofEnvironment(Map.of(OF_ALL, "https://any:1"))).hasToString("https://any:1");
        assertThat(ofEnvironment(Map.of())).isNull();
    }

    /** AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
    @Test
    void ignoresBothVariablesWhenConfiguredToDoSo() {
        assertThat(ofEnvironment(Map.of(
                        OF_SERVICE, "https://stack:4566", OF_ALL, "x:", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4566", "http://user:hunter2@host", "ftp://host", "http://a b"})
    void refusesWhatIsNotAUrlAndNamesTheVariable(String value) {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> ofEnvironment(Map.of(OF_SERVICE, value)))
                .withMessageContaining(OF_SERVICE)
                .withMessageNotContaining("hunter2")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
    }

    @ParameterizedTest
    @ValueSource(strings = {OF_SERVICE, OF_ALL})
    void refusesPlainHttpToOtherMachinesUnlessAllowed(String variable) {
        Map<String, String> environment = Map.of(variable, "http://stack:4566");

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> ofEnvironment(environment))
                .withMessageContainingAll(variable, "plain http on the host stack", "--insecure-aws-http")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        assertThat(AwsEndpoint.ofEnvironment("KMS", environment, new PlainHttp(true)))
                .hasToString("http://stack:4566");
    }

    @Test
    void takesLocalStacksHostForThisMachine() {
        assertThat(new AwsEndpoint(URI.create("http://sqs.localhost.localstack.cloud:4566"), "r").isLoopback())
                .isTrue();
        assertThat(new AwsEndpoint(URI.create("http://stack:4566"), "r").isLoopback())
                .isFalse();
        assertThat(new AwsEndpoint(null, "r").isLoopback()).isFalse();
    }

    private static @Nullable URI ofEnvironment(Map<String, String> environment) {
        return AwsEndpoint.ofEnvironment("KMS", environment, new PlainHttp(false));
    }
}
