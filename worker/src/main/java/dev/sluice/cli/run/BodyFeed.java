package dev.sluice.cli.run;

import dev.sluice.sqs.QueueClient.RejectedBody;
import dev.sluice.sqs.SendListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Passes the bodies of a file to the queue, and knows which of its lines were sent. A signal may stop it: then what was
 * passed on is still sent, and no more is read. Used by one thread, but for {@link #stop}.
 */
final class BodyFeed implements Iterator<String>, SendListener {

    private final MessageFile file;
    private final LongConsumer progress;
    private final Consumer<String> report;

    /** Of the bodies that were passed on and are not settled, in order: a round of calls, some 80. */
    private final Deque<Long> unsettledLines = new ArrayDeque<>();

    private final List<Long> skippedLines = new ArrayList<>();
    private long settled;
    private long sent;
    private long refused;
    private long lastLine;
    private boolean reading;
    private boolean stopped;
    private boolean cutShort;

    /**
     * @param progress receives how many messages were sent so far
     * @param report receives a sentence about each message that is refused
     */
    BodyFeed(MessageFile file, LongConsumer progress, Consumer<String> report) {
        this.file = file;
        this.progress = progress;
        this.report = report;
    }

    @Override
    public boolean hasNext() {
        if (!beginReading()) {
            cutShort = true;
            return false;
        }
        try {
            return file.hasNext();
        } finally {
            endReading();
        }
    }

    @Override
    public String next() {
        MessageBody body = file.next();
        unsettledLines.add(body.line());
        return body.text();
    }

    private synchronized boolean beginReading() {
        reading = !stopped;
        return reading;
    }

    /** Waits while {@link #stop} runs its action, which may end the process. */
    private synchronized void endReading() {
        reading = false;
    }

    /**
     * Ends the bodies before the next one.
     *
     * @param whileWaiting what to do instead if standard input is being waited for, which may take indefinitely. Nothing is
     *     being sent meanwhile, and the thread that sends does not go on
     */
    synchronized void stop(Runnable whileWaiting) {
        stopped = true;
        if (reading && file.size().isEmpty()) {
            whileWaiting.run();
        }
    }

    @Override
    public void sent(long messages) {
        sent = messages;
        progress.accept(messages);
    }

    @Override
    public void rejected(RejectedBody body) {
        refused++;
        long line = unsettledLines.stream()
                .skip(body.position() - settled - 1)
                .findFirst()
                .orElseThrow();
        report.accept("message " + body.position() + ", on line " + line + ", was refused: " + body.code());
    }

    /** Failed bodies at the end of the round count as not tried, so that one line says where to continue. */
    @Override
    public void settled(long position, List<Long> failed) {
        long last = position;
        while (failed.contains(last)) {
            last--;
        }
        while (settled < last) {
            settled++;
            long line = unsettledLines.remove();
            if (failed.contains(settled)) {
                skippedLines.add(line);
            } else {
                lastLine = line;
            }
        }
    }

    /** How many messages were sent. */
    long sent() {
        return sent;
    }

    /** How many bodies cannot be messages. */
    long refused() {
        return refused;
    }

    /** The line of the first message that was not tried; empty if there is none, or only standard input knows. */
    OptionalLong nextLine() {
        if (unsettledLines.isEmpty() && file.size().isPresent() && file.hasNext()) {
            next();
        }
        return firstUnsettledLine();
    }

    /** Whether standard input was stopped before its end, so that nobody knows if there is more. */
    boolean isOpenEnded() {
        return cutShort && file.size().isEmpty();
    }

    /** {@link #nextLine}, of what was already read. */
    OptionalLong firstUnsettledLine() {
        return unsettledLines.stream().mapToLong(Long::longValue).findFirst();
    }

    /**
     * What a person must know to send the rest: sentences, after a blank.
     *
     * @param nextLine where the rest begins
     */
    String resumption(OptionalLong nextLine) {
        String skipped = skippedLines.isEmpty()
                ? ""
                : " The messages on these lines were not sent: "
                        + skippedLines.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".";
        if (nextLine.isEmpty()) {
            return skipped + (lastLine == 0 ? "" : " The last message sent begins on line " + lastLine + ".");
        }
        long line = nextLine.getAsLong();
        return skipped
                + (line == lastLine
                        ? " Some messages on line " + line
                                + " were sent and some were not. To continue, give each message"
                                + " a line of its own, as jq -c '.[]' does for an array, and use --from-line "
                                + (settled + 1) + "."
                        : " Continue with --from-line " + line + ".");
    }
}
