package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sqs.QueueClient.RejectedBody;
import dev.sluice.sqs.SendPlan.OutgoingMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendPlanTest {

    private static final int KIB = 1024;

    @Test
    void putsTenInACall() {
        assertThat(sizes(plan(Collections.nCopies(25, "x")))).containsExactly(10, 10, 5);
    }

    @Test
    void fillsACallToTheByteAndNoFurther() {
        String half = "x".repeat(128 * KIB);

        assertThat(sizes(plan(List.of(half, half, "x")))).containsExactly(2, 1);
        assertThat(sizes(plan(List.of(half, half + "x")))).containsExactly(1, 1);
    }

    @Test
    void countsBytesNotCharacters() {
        String euros = "\u20ac".repeat(50 * KIB);

        assertThat(sizes(plan(List.of(euros, euros)))).containsExactly(1, 1);
    }

    @Test
    void sendsALargerBodyAloneAndKeepsTheOrder() {
        String large = "x".repeat(300 * KIB);
        List<List<OutgoingMessage>> calls = calls(plan(List.of("a", large, "b", "c")));

        assertThat(calls).extracting(List::size).containsExactly(1, 1, 2);
        assertThat(calls.stream().flatMap(List::stream))
                .extracting(OutgoingMessage::position)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void setsAsideWhatCannotBeAMessage() {
        String tooLong = "\u00fc".repeat(512 * KIB) + "x";
        SendPlan plan = plan(List.of("a", "", tooLong, "b"));

        assertThat(sizes(plan)).containsExactly(2);
        assertThat(plan.takeRejected())
                .containsExactly(new RejectedBody(2, "EmptyBody"), new RejectedBody(3, "BodyTooLong"));
    }

    @Test
    void takesTheLargestMessage() {
        assertThat(sizes(plan(List.of("x".repeat(1024 * KIB))))).containsExactly(1);
    }

    @Test
    void givesEveryEntryItsOwnDeduplicationId() {
        assertThat(calls(plan(List.of("same", "same"))).getFirst())
                .extracting(OutgoingMessage::deduplicationId)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "\u00fc", "\u20ac", "\ud83d\ude00", "a\u0000b"})
    void countsAsTheEncoderDoes(String text) {
        assertThat(SendPlan.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    private static SendPlan plan(List<String> bodies) {
        return new SendPlan(bodies.iterator(), 0);
    }

    private static List<Integer> sizes(SendPlan plan) {
        return calls(plan).stream().map(List::size).toList();
    }

    private static List<List<OutgoingMessage>> calls(SendPlan plan) {
        List<List<OutgoingMessage>> calls = new ArrayList<>();
        for (List<OutgoingMessage> call = plan.nextCall(); !call.isEmpty(); call = plan.nextCall()) {
            calls.add(call);
        }
        return calls;
    }
}
