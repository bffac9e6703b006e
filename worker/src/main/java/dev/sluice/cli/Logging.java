package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.FilterOutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log: one line an event, to standard error. Only our own loggers follow the level that is asked for; the
 * libraries stay at WARN whatever it is, since at DEBUG the SDK, the HTTP client and the driver print bodies and SQL.
 */
final class Logging {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0}: %msg%n%nopex";

    private Logging() {}

    static void configure(@Nullable String level, PrintStream err) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("another logging library than Logback stands first on the class path");
        }
        context.reset();
        PatternLayout layout = new OneLine();
        layout.setContext(context);
        layout.setPattern(PATTERN);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(unclosed(err));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        // At WARN it shows exceptions of the driver, whose text may quote a value; what matters of them we say
        // ourselves.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        context.getLogger("dev.sluice").setLevel(Level.toLevel(level, Level.INFO));
    }

    /** Message ids and names in the database come from others: they begin no line of their own, and steer no terminal. */
    private static final class OneLine extends PatternLayout {

        @Override
        public String doLayout(ILoggingEvent event) {
            return TextTable.printable(super.doLayout(event).stripTrailing()) + "\n";
        }
    }

    /** The next configuration closes the appender, which must not close standard error. */
    private static FilterOutputStream unclosed(PrintStream err) {
        return new FilterOutputStream(err) {
            @Override
            public void close() {
                err.flush();
            }
        };
    }
}
