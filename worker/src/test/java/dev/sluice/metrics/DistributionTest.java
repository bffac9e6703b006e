package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.metrics.Status.Quantiles;
import java.time.Duration;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.00002, 0.001, 0.25, 1, 59, 3_600, 86_400, 1_209_600})
    void isRightToFourPercentOverTheWholeRange(double seconds) {
        Distribution distribution = new Distribution();

        distribution.add((long) (seconds * 1e9));

        Quantiles quantiles = distribution.counts().since(Distribution.Counts.NONE);
        assertThat(quantiles.p50()).isCloseTo(seconds, Percentage.withPercentage(4.1));
        assertThat(quantiles.p99()).isEqualTo(quantiles.p50());
    }

    @Test
    void ranksWhatWasCountedBetweenTwoCopies() {
        Distribution distribution = new Distribution();
        IntStream.range(0, 1_000)
                .forEach(i -> distribution.add(Duration.ofHours(1).toNanos()));
        Distribution.Counts earlier = distribution.counts();
        IntStream.range(0, 97)
                .forEach(i -> distribution.add(Duration.ofMillis(10).toNanos()));
        IntStream.range(0, 3)
                .forEach(i -> distribution.add(Duration.ofSeconds(5).toNanos()));

        Quantiles quantiles = distribution.counts().since(earlier);

        assertThat(quantiles.p50()).isCloseTo(0.01, within(0.0005));
        assertThat(quantiles.p99()).isCloseTo(5, within(0.25));
    }

    @Test
    void hasNoQuantileOfNothing() {
        assertThat(new Distribution().counts().since(Distribution.Counts.NONE)).isEqualTo(new Quantiles(null, null));
    }

    @Test
    void takesWhatIsBeyondItsRange() {
        Distribution distribution = new Distribution();
        distribution.add(0);
        distribution.add(-5);
        distribution.add(Long.MAX_VALUE);

        assertThat(distribution.counts().since(Distribution.Counts.NONE).p50()).isLessThan(0.0001);
    }
}
