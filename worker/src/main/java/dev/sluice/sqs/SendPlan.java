package dev.sluice.sqs;

import dev.sluice.sqs.QueueClient.RejectedBody;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Divides bodies into the calls that send them, in order, reading at most one body ahead. Bodies that cannot be messages
 * are set aside. Used by one thread.
 */
final class SendPlan {

    /** SQS quotas, message size: 1 MiB since August 2025. */
    static final int MAX_BODY_BYTES = 1 << 20;

    /**
     * The older limit of a whole call, 256 KiB, which emulators and some regions still have. Keeping it costs nothing: ten
     * login events are 2 KB. A larger body is sent alone.
     */
    static final int MAX_CALL_BYTES = 256 << 10;

    private final Iterator<String> bodies;
    private final int attributeBytes;
    private final List<RejectedBody> rejected = new ArrayList<>();
    private long position;
    private @Nullable OutgoingMessage ahead;

    /** @param attributeBytes the size of each message's attributes, which count towards the limits */
    SendPlan(Iterator<String> bodies, int attributeBytes) {
        this.bodies = bodies;
        this.attributeBytes = attributeBytes;
    }

    /**
     * A message to be sent.
     *
     * @param position its place among the bodies, from 1
     * @param bytes its length in UTF-8, with its attributes
     * @param deduplicationId the same for every try, so that a try whose answer was lost makes no second FIFO message
     */
    record OutgoingMessage(long position, String body, int bytes, String deduplicationId) {

        /** Without the body. */
        @Override
        public String toString() {
            return "OutgoingMessage[" + position + ", " + bytes + " bytes]";
        }
    }

    /** The messages of the next call; empty at the end. */
    List<OutgoingMessage> nextCall() {
        List<OutgoingMessage> call = new ArrayList<>();
        int bytes = 0;
        for (OutgoingMessage message = next(); message != null; message = next()) {
            bytes += message.bytes();
            if (!call.isEmpty() && bytes > MAX_CALL_BYTES) {
                ahead = message;
                break;
            }
            call.add(message);
            if (call.size() == Settler.PER_CALL) {
                break;
            }
        }
        return call;
    }

    /** How many bodies were read. */
    long position() {
        return position;
    }

    /** The bodies that were set aside since the last call of this. */
    List<RejectedBody> takeRejected() {
        List<RejectedBody> taken = List.copyOf(rejected);
        rejected.clear();
        return taken;
    }

    private @Nullable OutgoingMessage next() {
        if (ahead != null) {
            OutgoingMessage message = ahead;
            ahead = null;
            return message;
        }
        while (bodies.hasNext()) {
            String body = bodies.next();
            position++;
            long bytes = utf8Length(body) + attributeBytes;
            if (!body.isEmpty() && bytes <= MAX_BODY_BYTES) {
                return new OutgoingMessage(
                        position, body, (int) bytes, UUID.randomUUID().toString());
            }
            rejected.add(new RejectedBody(position, body.isEmpty() ? "EmptyBody" : "BodyTooLong"));
        }
        return null;
    }

    /** The length in UTF-8 without encoding; half of a surrogate pair counts as 3, as in WTF-8. */
    static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(codePoint -> codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4)
                .sum();
    }
}
