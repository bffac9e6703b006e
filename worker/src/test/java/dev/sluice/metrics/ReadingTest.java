package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadingTest {

    static List<RuntimeException> failures() {
        return List.of(new InfrastructureException(Kind.NOT_PERMITTED, "not permitted"), new IllegalStateException());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void forgetsAnOldValueWhenItCannotReadANewOne(RuntimeException failure) {
        Reading<Long> reading = new Reading<>("The depth");
        reading.read(() -> 7L);

        assertThatCode(() -> reading.read(() -> {
                    throw failure;
                }))
                .doesNotThrowAnyException();

        assertThat(reading.value()).isNull();
        reading.read(() -> 8L);
        assertThat(reading.value()).isEqualTo(8);
    }
}
