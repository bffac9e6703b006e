package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.AwsEndpoint;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SqsConnectionTest {

    private static final String LOCAL = "http://localhost:4566/000000000000/q";
    private static final String AT_AWS = "https://sqs.eu-central-1.amazonaws.com/123456789012/q";

    @Test
    void takesEndpointFromSettingThenEnvironmentThenUrl() {
        Map<String, String> environment =
                Map.of("AWS_ENDPOINT_URL_SQS", "https://stack:4566", "AWS_ENDPOINT_URL", "x:");

        assertThat(endpoint(TestSettings.queue(LOCAL, URI.create("https://set:1")), environment))
                .isEqualTo(new AwsEndpoint(URI.create("https://set:1"), "us-east-1"));
        assertThat(endpoint(TestSettings.queue(LOCAL), environment).url()).hasToString("https://stack:4566");
        assertThat(endpoint(TestSettings.queue(LOCAL), Map.of("AWS_ENDPOINT_URL", "https://any:1"))
                        .url())
                .hasToString("https://any:1");
        assertThat(endpoint(TestSettings.queue(LOCAL), Map.of()).url()).hasToString("http://localhost:4566");
    }

    /** AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
    @Test
    void ignoresEndpointsOfTheEnvironmentWhenToldToButNeitherSettingNorUrl() {
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL_SQS",
                "https://stack:4566",
                "AWS_ENDPOINT_URL",
                "https://any:1",
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                "true",
                "AWS_REGION",
                "eu-west-1");

        assertThat(endpoint(TestSettings.queue("q"), environment).url()).isNull();
        assertThat(endpoint(TestSettings.queue(LOCAL), environment).url()).hasToString("http://localhost:4566");
        assertThat(endpoint(TestSettings.queue("q", URI.create("https://set:1")), environment)
                        .url())
                .hasToString("https://set:1");
    }

    @Test
    void takesRegionFromSettingThenEnvironmentThenUrl() {
        String stack = "https://sqs.ap-south-1.localhost.localstack.cloud:4566/000000000000/q";
        Map<String, String> environment = Map.of("AWS_REGION", "eu-west-1");

        assertThat(endpoint(new QueueSettings(stack, null, "eu-north-1", false), environment)
                        .region())
                .isEqualTo("eu-north-1");
        assertThat(endpoint(TestSettings.queue(stack), environment).region()).isEqualTo("eu-west-1");
        assertThat(endpoint(TestSettings.queue(stack), Map.of()).region()).isEqualTo("ap-south-1");
        assertThat(endpoint(TestSettings.queue(LOCAL), Map.of()).region()).isEqualTo("us-east-1");
    }

    @Test
    void takesRegionOfUrlAtAwsWhateverElseIsSet() {
        assertThat(endpoint(TestSettings.queue(AT_AWS), Map.of("AWS_REGION", "eu-west-1"))
                        .region())
                .isEqualTo("eu-central-1");
    }

    @Test
    void refusesEndpointThatIsNotAUrlAndNamesTheVariable() {
        for (String value : new String[] {"localhost:4566", "http://user:hunter2@host", "ftp://host", "http://a b"}) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> endpoint(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL_SQS", value)))
                    .withMessageContaining("AWS_ENDPOINT_URL_SQS")
                    .withMessageNotContaining("hunter2")
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        }
    }

    @Test
    void refusesPlainHttpToOtherMachinesWhereverItIsSetUnlessAllowed() {
        String url = "http://stack:4566/000000000000/q";
        List<Supplier<AwsEndpoint>> ways = List.of(
                () -> endpoint(TestSettings.queue("q", URI.create("http://stack:4566")), Map.of()),
                () -> endpoint(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL_SQS", "http://stack:4566")),
                () -> endpoint(TestSettings.queue("q"), Map.of("AWS_ENDPOINT_URL", "http://stack:4566")),
                () -> endpoint(TestSettings.queue(url), Map.of()));

        for (Supplier<AwsEndpoint> way : ways) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(way::get)
                    .withMessageContainingAll("plain http on the host stack", "--insecure-aws-http")
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        }
        assertThat(endpoint(new QueueSettings(url, null, null, true), Map.of()).url())
                .hasToString("http://stack:4566");
    }

    @Test
    void distinguishesAwsFromEmulators() {
        assertThat(endpoint(TestSettings.queue(AT_AWS), Map.of()).isAws()).isTrue();
        assertThat(endpoint(TestSettings.queue("q"), Map.of("AWS_REGION", "eu-west-1"))
                        .isAws())
                .isTrue();
        assertThat(endpoint(TestSettings.queue(LOCAL), Map.of()).isAws()).isFalse();
    }

    private static AwsEndpoint endpoint(QueueSettings settings, Map<String, String> environment) {
        return SqsConnection.endpoint(QueueAddress.parse(settings.queue()), settings, environment);
    }
}
