package dev.sluice.draft;

import dev.sluice.mapping.PipelineSpec.Unwrap;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.SampleRecords;
import java.util.EnumMap;
import java.util.Map;

/** Sample messages, read as the mapper would. Keeps names of fields and counts, no value. Used by one thread. */
public final class Samples {

    private final Field plain = new Field();
    private final Field notified = new Field();
    private final Map<Reason, Long> unsound = new EnumMap<>(Reason.class);
    private long messages;

    /** Reads one message: a plain event, or one that SNS has wrapped. */
    public void add(byte[] message) {
        messages++;
        if (SampleRecords.read(Unwrap.SNS, message, notified::addObject) == null) {
            return;
        }
        Reason reason = SampleRecords.read(Unwrap.NONE, message, plain::addObject);
        if (reason != null) {
            unsound.merge(reason, 1L, Long::sum);
        }
    }

    /** How many messages were added. */
    public long messages() {
        return messages;
    }

    /** How many records were read. */
    public long records() {
        return root().objects;
    }

    /** Messages that no pipeline can read, by reason. */
    public Map<Reason, Long> unsound() {
        return Map.copyOf(unsound);
    }

    /** How most of the messages are wrapped. */
    Unwrap unwrap() {
        return notified.objects > plain.objects ? Unwrap.SNS : Unwrap.NONE;
    }

    Field root() {
        return unwrap() == Unwrap.SNS ? notified : plain;
    }
}
