package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.sluice.app.Release;
import dev.sluice.cli.command.Color;
import dev.sluice.output.TerminalText;
import dev.sluice.recovery.audit.AuditLog;
import java.io.FilterOutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Configures the log: one line per event, to standard error. Only our own loggers follow the configured level. Libraries
 * stay at WARN: at DEBUG the SDK, the HTTP client and the driver print message bodies and SQL.
 */
final class Logging {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}: %msg%n%nopex";

    /** Where the pattern has the level: after the time and a blank, five characters wide. */
    private static final int LEVEL_START = 25;

    private static final int LEVEL_END = 30;

    private Logging() {}

    /**
     * @param level of our loggers; null for INFO
     * @param auditHeads whether the heads of the audit are logged at any level: they anchor it where the log is kept
     * @param format how a line looks
     * @param color whether levels are coloured; JSON never is
     */
    static void configure(
            @Nullable String level, boolean auditHeads, LogFormat format, PrintStream err, boolean color) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("Logback is not the first logging library on the class path");
        }
        context.reset();
        Encoder<ILoggingEvent> encoder =
                switch (format) {
                    case TEXT -> text(context, color);
                    case JSON -> new EcsEncoder(Release.VERSION);
                };
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(unclosed(err));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        // At WARN it prints exceptions of the driver, whose text may quote a value. We report what matters ourselves.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // It logs what it also throws, and we translate that; at FINE it logs SQL and values.
        context.getLogger("org.postgresql").setLevel(Level.OFF);
        context.getLogger("dev.sluice").setLevel(Level.toLevel(level, Level.INFO));
        if (auditHeads) {
            context.getLogger(AuditLog.class).setLevel(Level.INFO);
        }
        bridge();
    }

    /** What libraries log by java.util.logging, as the driver does, would be printed past these rules. */
    private static void bridge() {
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, boolean color) {
        // Message ids and names in the database come from others: they cannot start a line or control a terminal.
        PatternLayout layout = new PatternLayout() {
            @Override
            public String doLayout(ILoggingEvent event) {
                String line = TerminalText.escape(super.doLayout(event).stripTrailing());
                return (color ? colored(line, event.getLevel()) : line) + "\n";
            }
        };
        layout.setContext(context);
        layout.setPattern(PATTERN);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        return encoder;
    }

    private static String colored(String line, Level level) {
        if (!level.isGreaterOrEqual(Level.WARN) || line.length() < LEVEL_END) {
            return line;
        }
        Color color = level == Level.WARN ? Color.YELLOW : Color.RED;
        return line.substring(0, LEVEL_START)
                + color.around(line.substring(LEVEL_START, LEVEL_END))
                + line.substring(LEVEL_END);
    }

    /** The next configuration closes the appender, which must not close standard error. */
    private static FilterOutputStream unclosed(PrintStream err) {
        return new FilterOutputStream(err) {
            // A line at a time; by default it would be a byte at a time.
            @Override
            public void write(byte[] bytes, int offset, int length) {
                err.write(bytes, offset, length);
            }

            @Override
            public void close() {
                err.flush();
            }
        };
    }
}
