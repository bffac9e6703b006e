package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {

    @Test
    void keepsAnEventOnOneLineAndEscapesIt() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Logging.configure("info", false, new PrintStream(bytes, true, StandardCharsets.UTF_8), false);

        LoggerFactory.getLogger("dev.sluice.test")
                .warn("message {} is gone", "m-1\n2026-01-01 INFO forged\u001b]0;owned\u0007\u009b2J\u202e");

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("m-1\\u{a}2026-01-01 INFO forged\\u{1b}]0;owned\\u{7}\\u{9b}2J\\u{202e} is gone\n");
    }

    @Test
    void colorsTheLevelOfWarningsAndErrors() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Logging.configure("info", false, new PrintStream(bytes, true, StandardCharsets.UTF_8), true);

        LoggerFactory.getLogger("dev.sluice.test").info("calm");
        LoggerFactory.getLogger("dev.sluice.test").warn("the circuit breaker opens");
        LoggerFactory.getLogger("dev.sluice.test").error("broken");

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().map(line -> line.substring(25)))
                .containsExactly(
                        "INFO  test: calm",
                        "\u001b[33mWARN \u001b[0m test: the circuit breaker opens",
                        "\u001b[31mERROR\u001b[0m test: broken");
    }
}
