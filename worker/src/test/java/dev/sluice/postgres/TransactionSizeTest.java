package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransactionSizeTest {

    private final TransactionSize size = new TransactionSize();

    @Test
    void takesWholeBatchesUntilOneTimesOut() {
        assertThat(sizes(1_000)).containsExactly(1_000);
        size.timedOut(0);
        assertThat(sizes(1_000)).containsExactly(1_000);
        size.timedOut(400);
        assertThat(sizes(1_000)).containsExactly(400, 400, 200);
    }

    @Test
    void doublesAfterTenSuccesses() {
        size.timedOut(100);
        IntStream.range(0, 9).forEach(i -> size.stored());
        assertThat(sizes(400)).hasSize(4);
        size.stored();
        assertThat(sizes(400)).hasSize(2);
    }

    @Test
    void splitsNoMessageThatMustStayWhole() {
        size.timedOut(3);
        List<MappedRecord> records = new ArrayList<>();
        for (int message = 0; message < 3; message++) {
            MappedRecord first = Batches.record("m" + message, 1, TestOutcomes.row("row", 1));
            records.add(first);
            records.add(new MappedRecord(first.message(), 1, TestOutcomes.row("row", 2)));
        }
        assertThat(size.parts(records, true)).extracting(List::size).containsExactly(2, 2, 2);
        assertThat(size.parts(records, false)).extracting(List::size).containsExactly(3, 3);
    }

    private List<Integer> sizes(int count) {
        return size.parts(Batches.rows(new int[count]), false).stream()
                .map(List::size)
                .toList();
    }
}
