package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateHistoryTest {

    private static final long STEP = RateHistory.NANOS_PER_COLUMN;

    private final RateHistory rates = new RateHistory();

    @Test
    void drawsBarsFromZeroToTheHighestTheNewestAtTheRight() {
        for (int i = 1; i <= 8; i++) {
            rates.add(i * STEP, i * 10);
        }

        assertThat(rates.bars(8 * STEP, 8)).isEqualTo("▁▂▃▄▅▆▇█");
        assertThat(rates.bars(8 * STEP, 3)).isEqualTo("▆▇█");
        assertThat(rates.highest(8 * STEP, 3)).isEqualTo(80);
    }

    @Test
    void leavesAGapWhereNothingWasMeasured() {
        rates.add(STEP, 5);
        rates.add(3 * STEP, 5);

        assertThat(rates.bars(4 * STEP, 5)).isEqualTo(" █ █ ");
    }

    @Test
    void drawsTheMeanOfAColumn() {
        rates.add(STEP, 0);
        rates.add(STEP + 1, 100);
        rates.add(2 * STEP, 100);

        assertThat(rates.bars(2 * STEP, 2)).isEqualTo("▄█");
    }

    @Test
    void drawsALineForZero() {
        rates.add(STEP, 0);

        assertThat(rates.bars(STEP, 2)).isEqualTo(" ▁");
        assertThat(rates.highest(STEP, 2)).isZero();
    }

    /** The nano clock may begin below zero. */
    @Test
    void takesAnyBeginningOfTheClock() {
        rates.add(-STEP, 1);
        rates.add(0, 1);

        assertThat(rates.bars(0, 2)).isEqualTo("██");
    }
}
