package dev.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsFailuresTest {

    private static final AwsEndpoint NOWHERE = new AwsEndpoint(URI.create("http://nowhere.invalid"), "us-east-1");

    @Test
    void takesAnUnknownHostForATransientFailureUnlessTheRegionIsUnknownToo() {
        RuntimeException unknownHost =
                SdkClientException.create("secret text", new UnknownHostException("nowhere.invalid"));

        assertThat(translate(NOWHERE, unknownHost).kind()).isEqualTo(Kind.TRANSIENT);
        assertThat(translate(new AwsEndpoint(null, "eu-nowhere-1"), unknownHost).kind())
                .isEqualTo(Kind.CONFIG);
    }

    @Test
    void takesAMissingAnswerForATransientFailureAndAnythingElseForADefect() {
        assertThat(translate(NOWHERE, SdkClientException.create("secret text", new IOException()))
                        .kind())
                .isEqualTo(Kind.TRANSIENT);
        assertThat(translate(NOWHERE, new IllegalStateException("secret text")).kind())
                .isEqualTo(Kind.FATAL);
    }

    @Test
    void keepsAFailureOfOursThatTheSdkHasWrapped() {
        InfrastructureException noCredentials = new InfrastructureException(Kind.NOT_PERMITTED, "no credentials.");

        assertThat(translate(NOWHERE, SdkClientException.create("secret text", noCredentials)))
                .isSameAs(noCredentials);
    }

    private static InfrastructureException translate(AwsEndpoint endpoint, RuntimeException thrown) {
        InfrastructureException failure = new AwsFailures(
                        "KMS", "with key k", endpoint, "check the credentials.", UnaryOperator.identity())
                .translate("kms:Decrypt", thrown);
        assertThat(failure).hasMessageNotContaining("secret").hasNoCause();
        return failure;
    }
}
