package dev.sluice.sqs;

import dev.sluice.config.RunSettings;
import dev.sluice.pipeline.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The messages of a batch that is being received, and how many more it takes. Used by one thread. Holds no id twice: two
 * deliveries of one message are one message, with the receipt handle of the newer delivery.
 */
final class ReceivedBatch {

    /** The most that one ReceiveMessage returns (SQS API reference, MaxNumberOfMessages). */
    static final int PER_CALL = 10;

    /** The size limit of a message (SQS quotas: 1 MiB since August 2025). */
    private static final long SMALLEST_MAX_BYTES = 1L << 20;

    /** Larger batches do not make storing faster. */
    private static final long LARGEST_MAX_BYTES = 8L << 20;

    private final int maxMessages;
    private final long maxBytes;
    private final Map<String, Message> byId = new LinkedHashMap<>();
    private long bytes;

    /** An empty batch, bounded by the run's settings. The last calls may exceed the bound in bytes. */
    static ReceivedBatch of(RunSettings run) {
        return new ReceivedBatch(
                run.batchMessages(), maxBytes(Runtime.getRuntime().maxMemory()));
    }

    /**
     * The bodies of two batches take a sixteenth of the heap at most, since each is held about three times (answer, string,
     * bytes) while it is received. Further batches are in flight only while bodies are small (BatchLimit).
     */
    static long maxBytes(long heapBytes) {
        return Math.clamp(heapBytes / 32, SMALLEST_MAX_BYTES, LARGEST_MAX_BYTES);
    }

    ReceivedBatch(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Adds messages; returns whether any of them is new. */
    boolean add(List<Message> received) {
        int before = byId.size();
        for (Message message : received) {
            bytes += message.bytes();
            byId.merge(message.id(), message, ReceivedBatch::newer);
        }
        return byId.size() > before;
    }

    /**
     * The sizes of the next calls: at most {@code width} calls, none if the batch is full. Expects further bodies to be as
     * large as those before, so that parallel calls do not exceed the bytes by much.
     */
    List<Integer> nextCalls(int width) {
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

    /** Whether a further call would delay the batch for few messages: short answers fill a batch more and more slowly. */
    boolean isNearlyFull() {
        return 4L * byId.size() >= 3L * maxMessages;
    }

    List<Message> messages() {
        return List.copyOf(byId.values());
    }

    /** A redelivery has a higher receive count; at the same count (it is approximate) the later arrival is newer. */
    private static Message newer(Message earlier, Message later) {
        return earlier.receiveCount() > later.receiveCount() ? earlier : later;
    }
}
