package dev.sluice.mapping;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Outcomes that no mapper made, for tests of what comes after it. */
public final class TestOutcomes {

    private TestOutcomes() {}

    /** A row of these values, whose original is of no interest. */
    public static Row row(@Nullable Object... values) {
        return new Row(values, original("", ""));
    }

    /** A rejection of a record of this text, sealed by {@link FakeSealer}. */
    public static Rejection rejection(Reason reason, @Nullable String column, String clear, String messageId) {
        return new Rejection(reason, column, original(clear, messageId));
    }

    /** The same outcome of a record in that message. */
    public static Outcome in(String messageId, Outcome outcome) {
        Original before = outcome.original();
        Original original = new Original(
                before.clear(),
                Attributes.NONE,
                before.form(),
                new FakeSealer(),
                new Original.Binding("test", messageId, null),
                before.idempotencyKey());
        if (outcome instanceof Rejection rejection) {
            return new Rejection(rejection.reason(), rejection.column(), original);
        }
        Row row = (Row) outcome;
        return new Row(IntStream.range(0, row.width()).mapToObj(row::value).toArray(), original);
    }

    private static Original original(String clear, String messageId) {
        return new Original(
                Body.of(clear.getBytes(StandardCharsets.UTF_8)),
                Attributes.NONE,
                Original.Form.RECORD,
                new FakeSealer(),
                new Original.Binding("test", messageId, null),
                null);
    }
}
