package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"login-queue", "orders.fifo", "A_1", " login-queue "})
    void takesBareName(String text) {
        QueueAddress address = QueueAddress.parse(text);

        assertThat(address).isEqualTo(new QueueAddress(text.strip(), null, null, false));
        assertThat(address.origin()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://sqs.eu-central-1.amazonaws.com/123456789012/login-queue, eu-central-1, true",
        "https://sqs.eu-central-1.api.aws/123456789012/login-queue, eu-central-1, true",
        "https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/login-queue, us-gov-west-1, true",
        "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/login-queue, cn-north-1, true",
        "https://vpce-0a1b-2c3d.sqs.us-east-2.vpce.amazonaws.com/123456789012/login-queue, us-east-2, true",
        "https://eu-west-1.queue.amazonaws.com/123456789012/login-queue, eu-west-1, true",
        "http://localhost:4566/000000000000/login-queue, , false",
        "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/login-queue, us-east-1, false",
        "http://eu-west-3.queue.localhost.localstack.cloud:4566/000000000000/login-queue, eu-west-3, false",
        "http://localhost:4566/queue/ap-south-1/000000000000/login-queue, ap-south-1, false",
        "http://localhost:9324/queue/login-queue, , false",
        "http://elasticmq:9324/000000000000/login-queue, , false",
    })
    void readsNameAndRegionOfUrl(String text, String region, boolean atAws) {
        QueueAddress address = QueueAddress.parse(text);

        assertThat(address.name()).isEqualTo("login-queue");
        assertThat(address.region()).isEqualTo(region);
        assertThat(address.atAws()).isEqualTo(atAws);
        assertThat(Objects.requireNonNull(address.url()).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4566/000000000000/q, http://localhost:4566",
        "http://[::1]:9324/queue/q, http://[::1]:9324",
        "https://sqs.eu-central-1.api.aws/123456789012/q, https://sqs.eu-central-1.api.aws",
    })
    void callsGoWhereTheUrlPoints(String text, String origin) {
        assertThat(QueueAddress.parse(text).origin()).hasToString(origin);
    }

    @Test
    void leavesLegacyHostToTheSdk() {
        assertThat(QueueAddress.parse("https://queue.amazonaws.com/123456789012/q")
                        .origin())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "a queue",
                "login.queue",
                ".fifo",
                "größe",
                "arn:aws:sqs:eu-central-1:123456789012:login-queue",
                "ftp://localhost/000000000000/q",
                "http:///000000000000/q",
                "http://localhost:4566",
                "http://localhost:4566/q",
                "http://localhost:4566/000000000000/",
                "http://localhost:4566/000000000000/q?x=1",
                "http://sqs.eu-central-1.amazonaws.com/123456789012/q",
                "http://local host/0/q",
                "http://user:hunter2@localhost/000000000000/q",
            })
    void refusesAnythingElseAndReportsWhatIsExpected(String text) {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> QueueAddress.parse(text))
                .withMessageContaining("SLUICE_QUEUE")
                .withMessageContaining("source.queue")
                .withMessageContaining("login-queue")
                .withMessageNotContaining("hunter2")
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(Kind.CONFIG));
    }

    @Test
    void countsTheSuffixInTheNameLength() {
        String longest = "q".repeat(75) + ".fifo";

        assertThat(QueueAddress.parse(longest).isFifo()).isTrue();
        assertThatExceptionOfType(InfrastructureException.class).isThrownBy(() -> QueueAddress.parse("q" + longest));
    }
}
