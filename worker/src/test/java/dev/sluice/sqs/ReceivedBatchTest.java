package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivedBatchTest {

    @Test
    void asksForWhatIsLeftAndNoMore() {
        ReceivedBatch batch = new ReceivedBatch(35, 1 << 20);
        batch.add(Given.messages(10));

        assertThat(batch.nextCalls(2)).containsExactly(10, 10);
        assertThat(batch.nextCalls(8)).containsExactly(10, 10, 5);
    }

    @Test
    void isFullByCount() {
        ReceivedBatch batch = new ReceivedBatch(10, 1 << 20);
        batch.add(Given.messages(10));

        assertThat(batch.nextCalls(4)).isEmpty();
    }

    @Test
    void isFullByBytes() {
        ReceivedBatch batch = new ReceivedBatch(100, 300);
        batch.add(List.of(Given.message("a", "h", 1, 300)));

        assertThat(batch.nextCalls(4)).isEmpty();
    }

    @Test
    void asksForNoMoreThanTheBytesAreExpectedToHold() {
        ReceivedBatch batch = new ReceivedBatch(1_000, 10_000);
        batch.add(List.of(Given.message("a", "h", 1, 200)));

        assertThat(batch.nextCalls(32)).hasSize(4);
    }

    @Test
    void keepsTheNewerHandleOfAMessageReceivedTwice() {
        Message older = Given.message("a", "older", 1, 3);
        Message newer = Given.message("a", "newer", 2, 3);
        Message other = Given.message("b", "other", 1, 3);
        ReceivedBatch inOrder = new ReceivedBatch(10, 1_000);
        inOrder.add(List.of(older, other, newer));
        ReceivedBatch reversed = new ReceivedBatch(10, 1_000);
        reversed.add(List.of(newer, other, older));

        assertThat(inOrder.messages()).containsExactly(newer, other);
        assertThat(reversed.messages()).containsExactly(newer, other);
    }

    @ParameterizedTest
    @CsvSource({"256, 8", "128, 4", "16, 1", "8192, 8"})
    void bodiesOfTwoBatchesTakeASixteenthOfTheHeapWithinBounds(long heapMib, long maxMib) {
        assertThat(ReceivedBatch.maxBytes(heapMib << 20)).isEqualTo(maxMib << 20);
    }

    @Test
    void isNearlyFullFromThreeQuartersOn() {
        ReceivedBatch batch = new ReceivedBatch(12, 1_000);
        batch.add(Given.messages(8));
        assertThat(batch.isNearlyFull()).isFalse();

        batch.add(Given.messages(9));
        assertThat(batch.isNearlyFull()).isTrue();
    }
}
