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
import org.junit.jupiter.api.Test;

class SqsConnectionTest {

    private static final String LOCAL = "http://localhost:4566/000000000000/q";
    private static final String AT_AWS = "https://sqs.eu-central-1.amazonaws.com/123456789012/q";

    @Test
    void takesEndpointFromSettingThenUrl() {
        assertThat(endpoint(TestSettings.queue(LOCAL, URI.create("https://set:1"))))
                .isEqualTo(new AwsEndpoint(URI.create("https://set:1"), "us-east-1"));
        assertThat(endpoint(TestSettings.queue(LOCAL)).url()).hasToString("http://localhost:4566");
    }

    @Test
    void takesRegionFromSettingThenUrl() {
        String stack = "https://sqs.ap-south-1.localhost.localstack.cloud:4566/000000000000/q";

        assertThat(endpoint(new QueueSettings(stack, null, "eu-north-1", false)).region())
                .isEqualTo("eu-north-1");
        assertThat(endpoint(TestSettings.queue(stack)).region()).isEqualTo("ap-south-1");
        assertThat(endpoint(TestSettings.queue(LOCAL)).region()).isEqualTo("us-east-1");
    }

    @Test
    void takesRegionOfUrlAtAwsWhateverElseIsSet() {
        assertThat(endpoint(new QueueSettings(AT_AWS, null, "eu-west-1", false)).region())
                .isEqualTo("eu-central-1");
    }

    @Test
    void refusesEndpointWithAUserWithoutShowingIt() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> endpoint(TestSettings.queue("q", URI.create("http://user:hunter2@host"))))
                .withMessageContaining("the endpoint setting")
                .withMessageNotContaining("hunter2")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
    }

    @Test
    void refusesPlainHttpToOtherMachinesUnlessAllowed() {
        String url = "http://stack:4566/000000000000/q";

        for (QueueSettings settings :
                List.of(TestSettings.queue("q", URI.create("http://stack:4566")), TestSettings.queue(url))) {
            assertThatExceptionOfType(InfrastructureException.class)
                    .isThrownBy(() -> endpoint(settings))
                    .withMessageContainingAll("plain http on the host stack", "--insecure-aws-http")
                    .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
        }
        assertThat(endpoint(new QueueSettings(url, null, null, true)).url()).hasToString("http://stack:4566");
    }

    @Test
    void distinguishesAwsFromEmulators() {
        assertThat(endpoint(TestSettings.queue(AT_AWS)).isAws()).isTrue();
        assertThat(endpoint(new QueueSettings("q", null, "eu-west-1", false)).isAws())
                .isTrue();
        assertThat(endpoint(TestSettings.queue(LOCAL)).isAws()).isFalse();
    }

    private static AwsEndpoint endpoint(QueueSettings settings) {
        return SqsConnection.endpoint(QueueAddress.parse(settings.queue()), settings);
    }
}
