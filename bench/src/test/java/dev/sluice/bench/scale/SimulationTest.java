package dev.sluice.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.scale.Simulation.Outcome;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final Percentage NEARLY = Percentage.withPercentage(2);
    private static final double ALWAYS_FULL = Double.POSITIVE_INFINITY;

    private static Outcome play(int workers, double database, double offered, double latency) {
        return Simulation.of(new Fleet(workers, 40_000, database, offered, latency, 1, 1_000, 2, 30));
    }

    @Test
    void workersAddUpUntilTheDatabaseIsFull() {
        assertThat(play(1, 100_000, ALWAYS_FULL, 0.02).throughput()).isCloseTo(40_000, NEARLY);
        assertThat(play(2, 100_000, ALWAYS_FULL, 0.02).throughput()).isCloseTo(80_000, NEARLY);
        Outcome four = play(4, 100_000, ALWAYS_FULL, 0.02);
        assertThat(four.throughput()).isCloseTo(100_000, NEARLY);
        assertThat(four.limit()).isEqualTo("the database");
    }

    /** 100 delete calls of ten messages at a time, each of which takes a second. */
    @Test
    void slowCallsAreTheLimitOfOneWorker() {
        Outcome slow = play(1, 100_000, ALWAYS_FULL, 1);

        assertThat(slow.throughput()).isCloseTo(1_000, NEARLY);
        assertThat(slow.limit()).isEqualTo("calls to SQS at a time");
    }

    /** Little's law: what is in flight is the rate times the two calls, and a step. */
    @Test
    void inFlightFollowsFromRateAndLatencyUnlessTheQueueIsFull() {
        Outcome usual = play(1, 100_000, 30_000, 0.02);

        assertThat(usual.inFlight()).isCloseTo(30_000 * 0.041, NEARLY);
        assertThat(usual.requestsPerSecond()).isCloseTo(6_000, NEARLY);
        assertThat(play(1, 100_000, ALWAYS_FULL, 0.02).inFlight()).isCloseTo(16_000, NEARLY);
    }

    @Test
    void theQuotaOfTheQueueHoldsManyWorkersBack() {
        Outcome many = Simulation.of(new Fleet(100, 40_000, 10_000_000, ALWAYS_FULL, 0.2, 1, 1_000, 2, 30));

        assertThat(many.inFlight()).isCloseTo(Fleet.QUOTA, NEARLY);
        assertThat(many.throughput()).isCloseTo(Fleet.QUOTA / 0.4, NEARLY);
        assertThat(many.limit()).isEqualTo("messages in flight: the queue's quota");
    }

    @Test
    void aFleetThatKeepsUpStoresWhatIsSentAndDrainsWithTheRest() {
        Outcome usual = play(2, 100_000, 30_000, 0.02);

        assertThat(usual.throughput()).isCloseTo(30_000, NEARLY);
        assertThat(usual.limit()).isEqualTo("none: it stores all that is sent");
        assertThat(usual.drainSeconds(500_000)).isCloseTo(10, within(0.5));
        assertThat(play(1, 100_000, 50_000, 0.02).drainSeconds(1)).isInfinite();
    }

    @Test
    void recordsShareTheDatabase() {
        Outcome arrays = Simulation.of(new Fleet(4, 40_000, 100_000, ALWAYS_FULL, 0.02, 50, 1_000, 2, 30));

        assertThat(arrays.throughput()).isCloseTo(2_000, NEARLY);
    }

    @Test
    void longTransactionsNeedExtensions() {
        Outcome slow = Simulation.of(new Fleet(1, 100, 100_000, ALWAYS_FULL, 0, 1, 1_000, 2, 30));

        assertThat(slow.secondsInFlight()).isCloseTo(160, NEARLY);
        assertThat(slow.requestsPerSecond()).isGreaterThan(100 * 0.2);
    }

    @Test
    void aNumberOutOfRangeIsNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> play(0, 1, 1, 0)).withMessage("workers is out of range");
    }
}
