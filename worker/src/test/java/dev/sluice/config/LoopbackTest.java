package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "sqs.localhost", "127.0.0.1", "127.255.0.9", "::1", "[::1]"})
    void knowsThisMachine(String host) {
        assertThat(Loopback.isThisMachine(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost.evil.example",
                "evillocalhost",
                "127.0.0.1.evil.example",
                "127.0.0.256",
                "127.1",
                "128.0.0.1",
                "0.0.0.0",
                "::2",
                "elasticmq",
                "localhost.localstack.cloud",
                "169.254.169.254"
            })
    void takesNoOtherHostForIt(String host) {
        assertThat(Loopback.isThisMachine(host)).isFalse();
    }
}
