package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class ReadingTest {

    private final ShutdownSignal closed = new ShutdownSignal();

    static List<RuntimeException> failures() {
        return List.of(new InfrastructureException(Kind.NOT_PERMITTED, "not permitted"), new IllegalStateException());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void forgetsAnOldValueWhenItCannotReadANewOne(RuntimeException failure) {
        Reading<Long> reading = new Reading<>("The depth", closed);
        reading.read(() -> 7L);

        assertThatCode(() -> reading.read(() -> {
                    throw failure;
                }))
                .doesNotThrowAnyException();

        assertThat(reading.value()).isNull();
        reading.read(() -> 8L);
        assertThat(reading.value()).isEqualTo(8);
    }

    @Test
    void saysOnceThatItFailsAndOnceThatItIsBackAndNothingAtTheEnd() {
        Logger logger = (Logger) LoggerFactory.getLogger(Reading.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
        Reading<Long> reading = new Reading<>("The depth", closed);
        Reading.Call<Long> denied = () -> {
            throw new InfrastructureException(Kind.NOT_PERMITTED, "Denied.");
        };

        reading.read(denied);
        reading.read(denied);
        reading.read(() -> 8L);
        reading.read(() -> 8L);
        closed.request();
        reading.read(denied);

        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
        assertThat(log.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "WARN The depth cannot be read, so its metrics are missing: Denied.",
                        "INFO The depth can be read again.");
    }
}
