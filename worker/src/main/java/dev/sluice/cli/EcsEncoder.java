package dev.sluice.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.sluice.output.JsonLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes an event as one line of JSON with the fields of the Elastic Common Schema (ECS logging specification). Of an
 * exception only the class, since its message may quote a value; no MDC, no markers, no key-value pairs. Elastic's own
 * encoder writes all of these. Thread-safe.
 */
final class EcsEncoder extends EncoderBase<ILoggingEvent> {

    /** The version of the schema in which these fields are as written here. */
    private static final String SCHEMA = "8.11.0";

    /** Docker splits lines after 16 KiB, and the parts are not JSON; an escaped character takes up to six. */
    private static final int MAX_MESSAGE_CHARS = 2_500;

    private static final byte[] NONE = {};

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final String version;

    /** @param version of the program */
    EcsEncoder(String version) {
        this.version = version;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonLine line = new JsonLine()
                .put("@timestamp", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                .put("log.level", event.getLevel().toString())
                .put("message", shortened(event.getFormattedMessage()))
                .put("ecs.version", SCHEMA)
                .put("service.name", "sluice")
                .put("service.version", version)
                .put("log.logger", event.getLoggerName())
                .put("process.thread.name", event.getThreadName());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("error.type", thrown.getClassName());
        }
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String shortened(String message) {
        if (message.length() <= MAX_MESSAGE_CHARS) {
            return message;
        }
        int end = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_CHARS - 1))
                ? MAX_MESSAGE_CHARS - 1
                : MAX_MESSAGE_CHARS;
        return message.substring(0, end) + "…";
    }

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }
}
