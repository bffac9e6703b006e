package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AwsEndpointTest {

    private static final String LOCAL = "http://localhost:4566/000000000000/q";
    private static final String AT_AWS = "https://sqs.eu-central-1.amazonaws.com/123456789012/q";

    @Test
    void takesEndpointFromSettingThenEnvironmentThenUrl() {
        Map<String, String> environment =
                Map.of("AWS_ENDPOINT_URL_SQS", "https://stack:4566", "AWS_ENDPOINT_URL", "x:");

        assertThat(place(TestSettings.queue(LOCAL, URI.create("https://set:1")), environment))
                .isEqualTo(new AwsEndpoint(URI.create("https://set:1"), "us-east-1"));
        assertThat(place(TestSettings.queue(LOCAL), environment).endpoint()).hasToString("https://stack:4566");
        assertThat(place(TestSettings.queue(LOCAL), Map.of("AWS_ENDPOINT_URL", "https://any:1"))
                        .endpoint())
                .hasToString("https://any:1");
        assertThat(place(TestSettings.queue(LOCAL), Map.of()).endpoint()).hasToString("http://localhost:4566");
    }

    @Test
    void takesRegionFromSettingThenEnvironmentThenUrl() {
        String stack = "https://sqs.ap-south-1.localhost.localstack.cloud:4566/000000000000/q";
        Map<String, String> environment = Map.of("AWS_REGION", "eu-west-1");

        assertThat(place(new QueueSettings(stack, null, "eu-north-1", false), environment)
                        .region())
                .isEqualTo("eu-north-1");
        assertThat(place(TestSettings.queue(stack), environment).region()).isEqualTo("eu-west-1");
        assertThat(place(TestSettings.queue(stack), Map.of()).region()).isEqualTo("ap-south-1");
        assertThat(place(TestSettings.queue(LOCAL), Map.of()).region()).isEqualTo("us-east-1");
    }

    @Test
    void takesRegionOfUrlAtAwsWhateverElseIsSaid() {
        assertThat(place(TestSettings.queue(AT_AWS), Map.of("AWS_REGION", "eu-west-1"))
                        .region())
                .isEqualTo("eu-central-1");
    }

    @Test
    void refusesEndpointThatIsNoUrlAndNamesTheVariable() {
        for (String value : new String[] {"localhost:4566", "http://user:hunter2@host", "ftp://host", "http://a b"}) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> place(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL_SQS", value)))
                    .withMessageContaining("AWS_ENDPOINT_URL_SQS")
                    .withMessageNotContaining("hunter2")
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        }
    }

    @Test
    void refusesPlainHttpToOtherMachinesWhereverItIsSaidUnlessAllowedByName() {
        String url = "http://stack:4566/000000000000/q";
        List<Supplier<AwsEndpoint>> ways = List.of(
                () -> place(TestSettings.queue("q", URI.create("http://stack:4566")), Map.of()),
                () -> place(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL_SQS", "http://stack:4566")),
                () -> place(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL", "http://stack:4566")),
                () -> place(TestSettings.queue(url), Map.of()));

        for (Supplier<AwsEndpoint> way : ways) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(way::get)
                    .withMessageContainingAll("plain http on the host stack", "--insecure-aws-http")
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        }
        assertThat(place(new QueueSettings(url, null, null, true), Map.of()).endpoint())
                .hasToString("http://stack:4566");
    }

    @Test
    void tellsAwsFromEmulators() {
        assertThat(place(TestSettings.queue(AT_AWS), Map.of()).isAws()).isTrue();
        assertThat(place(TestSettings.queue("q"), Map.of("AWS_REGION", "eu-west-1"))
                        .isAws())
                .isTrue();
        AwsEndpoint local = place(TestSettings.queue(LOCAL), Map.of());
        assertThat(local.isAws()).isFalse();
        assertThat(local.isLoopback()).isTrue();
    }

    private static AwsEndpoint place(QueueSettings settings, Map<String, String> environment) {
        return AwsEndpoint.of(QueueAddress.parse(settings.queue()), settings, environment);
    }
}
