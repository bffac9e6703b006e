package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Release;
import dev.sluice.cli.command.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Map;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LoggingTest {

    private static final String CANARY = "canary-5ecret";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @AfterEach
    void quiet() {
        configure(LogFormat.TEXT, false);
    }

    @Test
    void keepsAnEventOnOneLineAndEscapesIt() {
        configure(LogFormat.TEXT, false);

        LoggerFactory.getLogger("dev.sluice.test")
                .warn("message {} is gone", "m-1\n2026-01-01 INFO forged\u001b]0;owned\u0007\u009b2J\u202e");

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("m-1\\u{a}2026-01-01 INFO forged\\u{1b}]0;owned\\u{7}\\u{9b}2J\\u{202e} is gone\n");
    }

    @Test
    void colorsTheLevelOfWarningsAndErrors() {
        configure(LogFormat.TEXT, true);

        LoggerFactory.getLogger("dev.sluice.test").info("calm");
        LoggerFactory.getLogger("dev.sluice.test").warn("the circuit breaker opens");
        LoggerFactory.getLogger("dev.sluice.test").error("broken");

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().map(line -> line.substring(25)))
                .containsExactly(
                        "INFO  test: calm",
                        "\u001b[33mWARN \u001b[0m test: the circuit breaker opens",
                        "\u001b[31mERROR\u001b[0m test: broken");
    }

    @Test
    void writesAnEventAsOneLineOfJsonWithTheFieldsOfEcs() {
        configure(LogFormat.JSON, true);

        LoggerFactory.getLogger("dev.sluice.test").warn("message {} is \"gone\"\n", "m-1\u202e");

        assertThat(log())
                .hasLineCount(1)
                .matches("\\{\"@timestamp\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\",.*\\}\n")
                .contains(
                        ",\"log.level\":\"WARN\",\"message\":\"message m-1\\u202e is \\\"gone\\\"\\n\",\"ecs.version\":\"")
                .contains(",\"service.name\":\"sluice\",\"service.version\":\"" + Release.VERSION + "\",")
                .contains(",\"log.logger\":\"dev.sluice.test\",\"process.thread.name\":\"");
    }

    @ParameterizedTest
    @EnumSource(LogFormat.class)
    void showsNoTextOfAnException(LogFormat format) {
        configure(format, false);

        LoggerFactory.getLogger("dev.sluice.test")
                .atError()
                .setCause(new IllegalStateException(CANARY, new SQLException(CANARY)))
                .addKeyValue("value", CANARY)
                .log("it broke");

        assertThat(log()).hasLineCount(1).contains("it broke").doesNotContain(CANARY);
        assertThat(log().contains("\"error.type\":\"java.lang.IllegalStateException\""))
                .isEqualTo(format == LogFormat.JSON);
    }

    @Test
    void keepsALineShortEnoughForDocker() {
        configure(LogFormat.JSON, false);

        LoggerFactory.getLogger("dev.sluice.test").warn("{}", "\u0001".repeat(100_000));

        assertThat(bytes.size()).isBetween(10_000, 16 * 1024);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "software.amazon.awssdk.request",
                "org.apache.hc.client5.http.wire",
                "com.zaxxer.hikari.pool.HikariPool",
                "org.flywaydb.core",
                "org.eclipse.jetty.server",
                "io.micrometer.registry.otlp",
                "io.opentelemetry.exporter",
                "com.example.unknown"
            })
    void capsLibrariesAtWarnWhateverTheLevelIs(String library) {
        configure("trace", LogFormat.TEXT, false);

        LoggerFactory.getLogger(library).info(CANARY);
        LoggerFactory.getLogger(library).trace(CANARY);
        LoggerFactory.getLogger("dev.sluice.test").trace("ours");

        assertThat(log()).contains("ours").doesNotContain(CANARY);
    }

    /** The driver reports a wrong host name there, with the names; the pool prints exceptions of the driver. */
    @Test
    void leavesOutWhatIsReportedInOurOwnWords() {
        configure("trace", LogFormat.TEXT, false);

        Logger.getLogger("org.postgresql.ssl.PGjdbcHostnameVerifier").severe(CANARY);
        LoggerFactory.getLogger("com.zaxxer.hikari.pool.PoolBase").warn(CANARY);

        assertThat(log()).isEmpty();
    }

    @Test
    void takesWhatLibrariesLogByJavaUtilLogging() {
        configure("trace", LogFormat.TEXT, false);

        Logger.getLogger("com.example.old").warning("one\ntwo");
        Logger.getLogger("com.example.old").info(CANARY);

        assertThat(log()).endsWith("WARN  old: one\\u{a}two\n").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "auto, KUBERNETES_SERVICE_HOST, false, JSON",
        "auto, ECS_CONTAINER_METADATA_URI_V4, false, JSON",
        ", container, false, JSON",
        "auto, container, true, TEXT",
        "auto, OTHER, false, TEXT",
        "text, container, false, TEXT",
        "json, OTHER, true, JSON"
    })
    void isJsonInAContainerWithoutATerminal(
            @Nullable String setting, String variable, boolean terminal, LogFormat expected) {
        PrintStream none = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Console console =
                new Console(InputStream.nullInputStream(), none, none, Map.of(variable, "10.0.0.1"), terminal);

        assertThat(LogFormat.of(setting, console)).isEqualTo(expected);
    }

    private void configure(LogFormat format, boolean color) {
        configure("info", format, color);
    }

    private void configure(String level, LogFormat format, boolean color) {
        Logging.configure(level, false, format, new PrintStream(bytes, true, StandardCharsets.UTF_8), color);
    }

    private String log() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
