package dev.sluice.pipeline;

import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.TestOutcomes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Makes one row of each letter of a body; of {@code !} a defect. */
final class FakeMapper implements Mapper {

    private final Events events;

    FakeMapper(Events events) {
        this.events = events;
    }

    @Override
    public Batch begin() {
        return new Batch() {
            @Override
            public Unpacked unpack(String messageId, Instant sentAt, byte[] body, Attributes attributes) {
                return new Unpacked(body.length, () -> map(body));
            }

            @Override
            public void mask() {}
        };
    }

    private List<Outcome> map(byte[] body) {
        events.add("map");
        String records = new String(body, StandardCharsets.UTF_8);
        if (records.equals("!")) {
            throw new IllegalStateException("a defect of the mapper");
        }
        return records.chars()
                .<Outcome>mapToObj(letter -> TestOutcomes.row(Character.toString(letter)))
                .toList();
    }

    @Override
    public FieldCounts fieldCounts() {
        return FieldCounts.NONE;
    }
}
