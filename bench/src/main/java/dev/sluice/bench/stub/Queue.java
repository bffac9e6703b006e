package dev.sluice.bench.stub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A standard queue in memory that was filled once: messages become visible, are delivered, return after their visibility
 * timeout, and end with a delete. As at SQS, an older handle of a message deletes nothing but is answered with success.
 * Thread-safe. All times are {@link System#nanoTime()}, which on Linux is the same clock in every process.
 */
final class Queue {

    private enum State {
        VISIBLE,
        IN_FLIGHT,
        DELETED
    }

    /** A further delivery of a message: after its timeout, or as a duplicate. */
    private record Return(int index, long at, boolean duplicate) {}

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How often timeouts are looked for: a message returns at most that much late. */
    private static final long EXPIRY_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

    /** Between the first delivery of a message and its duplicate: usually after its delete. */
    private static final long DUPLICATE_DELAY = TimeUnit.MILLISECONDS.toNanos(500);

    private final int number;
    private final QueueSpec spec;
    private final int count;
    private long start = System.nanoTime();
    private long startMillis = System.currentTimeMillis();
    private final SplittableRandom random;
    private final Tally tally;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final State[] states;
    private final int[] receiveCounts;
    private final long[] deadlines;
    private final long[] receivedAt;
    private final PriorityQueue<Return> returns = new PriorityQueue<>(Comparator.comparingLong(Return::at));

    /** Messages below were deleted; from {@link #next} on, none was delivered yet. */
    private int oldest;

    private int next;
    private int deleted;
    private int inFlight;
    private int pendingDuplicates;
    private int waiting;
    private long lastExpiry = start;
    private boolean released;

    /** Whether the client has called: a rate is offered from then on, so that no start-up is in its figures. */
    private boolean called;

    Queue(int number, QueueSpec spec) {
        this.number = number;
        this.spec = spec;
        this.count = spec.messages();
        this.random = new SplittableRandom(spec.seed());
        this.tally = new Tally(count);
        this.states = new State[count];
        Arrays.fill(states, State.VISIBLE);
        this.receiveCounts = new int[count];
        this.deadlines = new long[count];
        this.receivedAt = new long[count];
    }

    int number() {
        return number;
    }

    QueueSpec spec() {
        return spec;
    }

    /** Counts a call of an operation. */
    void called(String operation) {
        tally.request(operation);
    }

    /** What happened so far, as {@link Tally#toText} writes it, with {@code done=1} once nothing is left. */
    String tally(boolean percentiles) {
        lock.lock();
        try {
            boolean done = deleted == count && pendingDuplicates == 0;
            return (done ? "done=1 " : "done=0 ") + tally.toText(percentiles);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes visible messages, and waits for a first one.
     *
     * @param most 1 to 10
     * @param visibilitySeconds how long they stay invisible; 0 returns them at once
     * @param waitSeconds 0 to 20
     */
    List<Delivery> receive(int most, int visibilitySeconds, int waitSeconds) throws InterruptedException {
        long end = System.nanoTime() + waitSeconds * SECOND;
        lock.lock();
        try {
            tally.waiting(++waiting);
            beginOffer();
            int wanted = spec.shortAnswers() == 0 ? most : 1 + random.nextInt(Math.max(1, most - 1));
            long now = System.nanoTime();
            List<Delivery> taken = take(wanted, visibilitySeconds, now);
            while (taken.isEmpty() && now < end && !released) {
                awaitChange(Math.min(end, nextChange(now)) - now);
                now = System.nanoTime();
                taken = take(wanted, visibilitySeconds, now);
            }
            tally.received(taken.size(), now);
            tally.inFlight(inFlight);
            return taken;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    private void beginOffer() {
        if (spec.perSecond() > 0 && !called) {
            start = System.nanoTime();
            startMillis = System.currentTimeMillis();
        }
        called = true;
    }

    @SuppressWarnings("WaitNotInLoop") // The caller loops.
    private void awaitChange(long nanos) throws InterruptedException {
        changed.await(nanos, TimeUnit.NANOSECONDS);
    }

    private List<Delivery> take(int most, int visibilitySeconds, long now) {
        expire(now);
        List<Delivery> taken = new ArrayList<>(most);
        while (taken.size() < most) {
            Return back = returns.peek();
            if (back != null && back.at() <= now) {
                returns.remove();
                if (revive(back)) {
                    taken.add(deliver(back.index(), visibilitySeconds, now));
                }
            } else if (next < count && visibleAt(next) <= now) {
                taken.add(deliver(next++, visibilitySeconds, now));
            } else {
                break;
            }
        }
        return taken;
    }

    /** Whether a message that returns is to be delivered: a duplicate always, another unless it was deleted meanwhile. */
    private boolean revive(Return back) {
        if (!back.duplicate()) {
            return states[back.index()] == State.VISIBLE;
        }
        pendingDuplicates--;
        tally.duplicate();
        if (states[back.index()] == State.DELETED) {
            deleted--;
            oldest = Math.min(oldest, back.index());
        }
        return true;
    }

    private Delivery deliver(int index, int visibilitySeconds, long now) {
        if (states[index] != State.IN_FLIGHT) {
            inFlight++;
        }
        states[index] = State.IN_FLIGHT;
        receivedAt[index] = now;
        deadlines[index] = now + visibilitySeconds * SECOND;
        if (++receiveCounts[index] == 1 && random.nextInt(100) < spec.duplicatePercent()) {
            pendingDuplicates++;
            returns.add(new Return(index, now + DUPLICATE_DELAY, true));
        }
        return new Delivery(index, receiveCounts[index], sentMillis(index));
    }

    private void expire(long now) {
        if (now - lastExpiry < EXPIRY_INTERVAL) {
            return;
        }
        lastExpiry = now;
        while (oldest < next && states[oldest] == State.DELETED) {
            oldest++;
        }
        for (int index = oldest; index < next; index++) {
            if (states[index] == State.IN_FLIGHT && deadlines[index] <= now) {
                tally.expired();
                giveBack(index, now);
            }
        }
    }

    private void giveBack(int index, long now) {
        states[index] = State.VISIBLE;
        inFlight--;
        returns.add(new Return(index, now, false));
        changed.signal();
    }

    /** When a receive that waits has to look again. */
    private long nextChange(long now) {
        long at = inFlight > 0 ? now + EXPIRY_INTERVAL : Long.MAX_VALUE;
        Return back = returns.peek();
        if (back != null) {
            at = Math.min(at, back.at());
        }
        return next < count ? Math.min(at, visibleAt(next)) : at;
    }

    /**
     * Ends a message if the handle is that of its last delivery.
     *
     * @param arrived when the request did
     * @return false if the handle is not one of this queue
     */
    boolean delete(Handle handle, long arrived) {
        lock.lock();
        try {
            if (!owns(handle)) {
                return false;
            }
            int index = handle.index();
            if (handle.receiveCount() != receiveCounts[index] || states[index] == State.DELETED) {
                tally.staleDelete();
                return true;
            }
            if (states[index] == State.IN_FLIGHT) {
                inFlight--;
            }
            states[index] = State.DELETED;
            deleted++;
            tally.deleted(deleted, arrived, arrived - receivedAt[index], arrived - visibleAt(index));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts the visibility timeout from now.
     *
     * @param seconds 0 makes the message visible at once
     * @return false if the handle is not one of this queue, or the message is no longer in flight
     */
    boolean changeVisibility(Handle handle, int seconds) {
        lock.lock();
        try {
            int index = handle.index();
            if (!owns(handle) || handle.receiveCount() != receiveCounts[index] || states[index] != State.IN_FLIGHT) {
                return false;
            }
            long now = System.nanoTime();
            if (seconds == 0) {
                giveBack(index, now);
            } else {
                deadlines[index] = now + seconds * SECOND;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean owns(Handle handle) {
        return handle.queue() == number
                && handle.index() >= 0
                && handle.index() < next
                && handle.receiveCount() > 0
                && handle.receiveCount() <= receiveCounts[handle.index()];
    }

    /** Messages that are visible, in flight, and not sent yet, in that order. */
    int[] depths() {
        lock.lock();
        try {
            long now = System.nanoTime();
            expire(now);
            int sent = next;
            while (sent < count && called && spec.perSecond() > 0 && visibleAt(sent) <= now) {
                sent++;
            }
            int visible = (spec.perSecond() > 0 ? sent : count) - deleted - inFlight;
            return new int[] {visible, inFlight, spec.perSecond() > 0 ? count - sent : 0};
        } finally {
            lock.unlock();
        }
    }

    /** Ends the long polls, now and later: the client is about to stop. */
    void release() {
        lock.lock();
        try {
            released = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long visibleAt(int index) {
        return spec.perSecond() == 0 ? start : start + index * SECOND / spec.perSecond();
    }

    private long sentMillis(int index) {
        if (spec.perSecond() > 0) {
            return startMillis + index * 1000L / spec.perSecond();
        }
        long backlogMillis = TimeUnit.HOURS.toMillis(spec.backlogHours());
        return startMillis - backlogMillis + index * backlogMillis / count;
    }
}
