package dev.sluice.faults;

import static org.awaitility.Awaitility.await;

import dev.sluice.faults.SqsFaults.Deliveries;
import dev.sluice.faults.SqsProxy.Answer;
import dev.sluice.faults.SqsProxy.Call;
import dev.sluice.faults.SqsProxy.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What SQS, or the way to it, may do to ReceiveMessage. Each passes calls to a server, usually the rig's
 * {@link Deliveries}, so that what was delivered is still counted.
 */
final class ReceiveFaults {

    private static final Pattern MAX_MESSAGES = Pattern.compile("\"MaxNumberOfMessages\":(\\d+)");

    private static final Pattern LONG_POLL = Pattern.compile("\"WaitTimeSeconds\":[1-9]");

    private ReceiveFaults() {}

    /** Only the call that comes at this place (from 1) fares like that; the others pass. */
    static Fault nth(int place, Fault fault, Fault server) {
        AtomicInteger calls = new AtomicInteger();
        return call -> (calls.incrementAndGet() == place ? fault : server).answer(call);
    }

    /** The same, but not before the latch is down; until then the call hangs. */
    static Fault when(CountDownLatch latch, Fault fault) {
        return call -> {
            latch.await();
            return fault.answer(call);
        };
    }

    /**
     * Answers hold fewer messages than were asked for, although there are more on the queue.
     *
     * @param granted how many a call may bring, by how many it asks for
     */
    static Fault shortAnswers(IntUnaryOperator granted, Fault server) {
        return call -> {
            Matcher asked = MAX_MESSAGES.matcher(call.body());
            String shorter = asked.replaceFirst(
                    found -> "\"MaxNumberOfMessages\":" + granted.applyAsInt(Integer.parseInt(found.group(1))));
            return server.answer(call.withBody(shorter));
        };
    }

    /**
     * One call of a worker that adds to a batch (it does not wait for messages) hangs after the server has handed the
     * messages out, until all of them have been delivered to somebody again.
     */
    static final class HungCall implements Fault {

        private static final Duration PATIENCE = Duration.ofMinutes(2);

        private final Deliveries server;
        private final AtomicBoolean hung = new AtomicBoolean();
        private volatile Set<String> messageIds = Set.of();

        HungCall(Deliveries server) {
            this.server = server;
        }

        @Override
        public Answer answer(Call call) throws IOException, InterruptedException {
            Answer answer = server.answer(call);
            if (!LONG_POLL.matcher(call.body()).find()
                    && !Deliveries.ids(answer).isEmpty()
                    && !hung.getAndSet(true)) {
                messageIds = Deliveries.ids(answer);
                await("redelivery of what hangs").atMost(PATIENCE).until(() -> server.receivedMoreThan(1)
                        .containsAll(messageIds));
            }
            return answer;
        }

        /** What the call was to bring; empty while no call hangs. */
        Set<String> messageIds() {
            return messageIds;
        }
    }
}
