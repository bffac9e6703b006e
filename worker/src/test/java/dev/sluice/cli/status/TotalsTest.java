package dev.sluice.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.Status;
import dev.sluice.metrics.Status.Stage;
import dev.sluice.metrics.Status.State;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TotalsTest {

    @Test
    void leavesOneWorkerAsItIs() {
        Status one = Statuses.running();

        assertThat(Totals.of(List.of(one))).isSameAs(one);
    }

    @Test
    void addsWhatWorkersDid() {
        Status total = Totals.of(List.of(Statuses.ofQueue("a", 400, 0.4), Statuses.ofQueue("b", 100, 0.9)));

        assertThat(total.perSecond().stored()).isEqualTo(500);
        assertThat(total.records().stored()).isEqualTo(2_469_134);
        assertThat(total.inFlight().records()).isEqualTo(8_192);
        assertThat(total.pool().max()).isEqualTo(6);
        assertThat(total.quarantinedByReason()).containsEntry("missing", 4L);
        assertThat(total.queue()).isEqualTo("a, b");
        assertThat(total.pipeline()).isEqualTo("user-logins");
    }

    @Test
    void countsTheBacklogOfAQueueOnce() {
        Status one = Statuses.ofQueue("a", 1, 1);

        assertThat(visible(Totals.of(List.of(one, one)))).isEqualTo(1_204);
        assertThat(visible(Totals.of(List.of(one, Statuses.ofQueue("b", 1, 1)))))
                .isEqualTo(2_408);
    }

    @Test
    void showsTheSlowestWorkersQuantiles() {
        Status total = Totals.of(List.of(Statuses.ofQueue("a", 1, 0.4), Statuses.ofQueue("a", 1, 0.9)));

        assertThat(total.eventAge().p99()).isEqualTo(0.9);
        assertThat(p99(total, Stage.SETTLE)).isNull();
        assertThat(p99(total, Stage.STORE)).isEqualTo(0.09);
    }

    @Test
    void showsTheWorstStateWithItsReason() {
        Status total = Totals.of(List.of(Statuses.running(), Statuses.circuitOpen("the disk is full")));

        assertThat(total.state()).isEqualTo(State.CIRCUIT_OPEN);
        assertThat(total.because()).isEqualTo("the disk is full");
        assertThat(total.nextTryAt()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void knowsHowBadEveryStateIs(State state) {
        assertThat(Totals.of(List.of(Statuses.in(state), Statuses.in(state))).state())
                .isEqualTo(state);
    }

    private static long visible(Status status) {
        return Objects.requireNonNull(status.queueDepth()).visible();
    }

    private static @Nullable Double p99(Status status, Stage stage) {
        return Objects.requireNonNull(status.stages().get(stage)).p99();
    }
}
