package dev.sluice.sqs;

import dev.sluice.sqs.QueueClient.Refused;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bodies into the calls that send them, in order, reading no further than one body ahead. Used by one
 * thread. Bodies that can never be a message are put aside as refused.
 */
final class SendPlan {

    /** SQS quotas, message size: 1 MiB since August 2025. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /**
     * The older limit of a whole call, 256 KiB, which emulators and regions not yet raised still have. It costs nothing
     * to keep: ten login events are 2 KB. A larger body goes alone.
     */
    static final int MAX_CALL_BYTES = 256 << 10;

    private final Iterator<String> bodies;
    private final List<Refused> refused = new ArrayList<>();
    private long position;
    private @Nullable Entry ahead;

    SendPlan(Iterator<String> bodies) {
        this.bodies = bodies;
    }

    /**
     * One body on its way.
     *
     * @param position its place among the bodies, from 1
     * @param bytes its length in UTF-8
     * @param deduplicationId the same for every try, so that a try whose answer was lost makes no second FIFO message
     */
    record Entry(long position, String body, int bytes, String deduplicationId) {

        /** Without the body. */
        @Override
        public String toString() {
            return "Entry[" + position + ", " + bytes + " bytes]";
        }
    }

    /** The entries of the next call; empty when there are no more. */
    List<Entry> nextCall() {
        List<Entry> call = new ArrayList<>();
        int bytes = 0;
        for (Entry entry = next(); entry != null; entry = next()) {
            bytes += entry.bytes();
            if (!call.isEmpty() && bytes > MAX_CALL_BYTES) {
                ahead = entry;
                break;
            }
            call.add(entry);
            if (call.size() == Settler.PER_CALL) {
                break;
            }
        }
        return call;
    }

    /** What was put aside so far. */
    List<Refused> refused() {
        return List.copyOf(refused);
    }

    private @Nullable Entry next() {
        if (ahead != null) {
            Entry entry = ahead;
            ahead = null;
            return entry;
        }
        while (bodies.hasNext()) {
            String body = bodies.next();
            position++;
            long bytes = utf8Length(body);
            if (bytes > 0 && bytes <= MAX_BODY_BYTES) {
                return new Entry(position, body, (int) bytes, UUID.randomUUID().toString());
            }
            refused.add(new Refused(position, bytes == 0 ? "EmptyBody" : "BodyTooLong"));
        }
        return null;
    }

    /** The length in UTF-8 without encoding; half of a surrogate pair counts 3, as an encoder that kept it would need. */
    static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(codePoint -> codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4)
                .sum();
    }
}
