package dev.sluice.sqs;

import dev.sluice.config.RunSettings;
import dev.sluice.pipeline.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The messages that a lane is gathering, and how much more may be asked for. Used by one thread. Holds no id twice: two
 * deliveries of one message are one message, with the receipt handle of the newer delivery.
 */
final class ReceivedBatch {

    /** What one ReceiveMessage brings at most (SQS API reference, MaxNumberOfMessages). */
    static final int PER_CALL = 10;

    /** The largest message there is (SQS quotas: 1 MiB since August 2025). */
    private static final long SMALLEST_MAX_BYTES = 1L << 20;

    /** More bodies at once make a store no faster. */
    private static final long LARGEST_MAX_BYTES = 8L << 20;

    private final int maxMessages;
    private final long maxBytes;
    private final Map<String, Message> byId = new LinkedHashMap<>();
    private long bytes;

    /** An empty batch of what a run may process at once. It may exceed its bytes by what the last calls bring. */
    static ReceivedBatch of(RunSettings run) {
        return new ReceivedBatch(
                run.batchMessages(), maxBytes(Runtime.getRuntime().maxMemory(), run.consumers()));
    }

    /**
     * The bodies of all consumers together take a sixteenth of the heap, since each is held about three times (answer,
     * string, bytes) while it is received.
     */
    static long maxBytes(long heapBytes, int consumers) {
        return Math.clamp(heapBytes / 16 / consumers, SMALLEST_MAX_BYTES, LARGEST_MAX_BYTES);
    }

    ReceivedBatch(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Takes messages in; says whether any of them is new. */
    boolean add(List<Message> received) {
        int before = byId.size();
        for (Message message : received) {
            bytes += message.body().length;
            byId.merge(message.id(), message, ReceivedBatch::newer);
        }
        return byId.size() > before;
    }

    /**
     * How many messages each of the next calls is to ask for: at most {@code width} calls, none when the batch is full.
     * Bodies are expected to go on as large as they were, so that many calls at once do not overshoot the bytes.
     */
    List<Integer> nextAsks(int width) {
        int room = maxMessages - byId.size();
        if (room <= 0 || bytes >= maxBytes) {
            return List.of();
        }
        long perCall = byId.isEmpty() ? 0 : bytes / byId.size() * PER_CALL;
        long affordable = perCall == 0 ? width : Math.max(1, (maxBytes - bytes) / perCall);
        int calls = (int) Math.min(Math.min(width, affordable), (room + PER_CALL - 1) / PER_CALL);
        return IntStream.range(0, calls)
                .mapToObj(call -> Math.min(PER_CALL, room - call * PER_CALL))
                .toList();
    }

    List<Message> messages() {
        return List.copyOf(byId.values());
    }

    /** A later delivery has the higher count; at the same count (it is approximate) the one that came in later. */
    private static Message newer(Message earlier, Message later) {
        return earlier.receiveCount() > later.receiveCount() ? earlier : later;
    }
}
