package dev.sluice.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Splits what was received so that a message that may kill the process dies alone. One that was received three times or
 * more is suspect: it, or a neighbour, was in hand when a worker died. It is mapped and stored by itself, after all that
 * is beyond suspicion is committed, the most often received last. How the suspects that wait behind the culprit survive
 * it is said at {@link Lease#setApart}.
 *
 * <p>On a FIFO queue the order of receipt is kept: a suspect is alone, but in its place.
 */
final class Portions {

    /** The first death brings two, a redelivery of an innocent one too; the third receive is no accident. */
    private static final int SUSPECT_RECEIVES = 3;

    private Portions() {}

    /** @param received at least one, in order of receipt; none is lost or doubled */
    static List<List<Message>> of(List<Message> received) {
        if (received.stream().noneMatch(Portions::isSuspect)) {
            return List.of(received);
        }
        boolean ordered = received.getFirst().groupId() != null;
        List<Message> sequence = ordered ? received : suspectsLast(received);
        List<List<Message>> portions = new ArrayList<>();
        List<Message> open = new ArrayList<>();
        for (Message message : sequence) {
            if (isSuspect(message)) {
                addUnlessEmpty(portions, open);
                portions.add(List.of(message));
                open = new ArrayList<>();
            } else {
                open.add(message);
            }
        }
        addUnlessEmpty(portions, open);
        return portions;
    }

    private static List<Message> suspectsLast(List<Message> received) {
        return received.stream()
                .sorted(Comparator.comparingInt(message -> isSuspect(message) ? message.receiveCount() : 0))
                .toList();
    }

    private static void addUnlessEmpty(List<List<Message>> portions, List<Message> portion) {
        if (!portion.isEmpty()) {
            portions.add(portion);
        }
    }

    /** Whether a portion is one suspect. */
    static boolean isSuspect(List<Message> portion) {
        return isSuspect(portion.getFirst());
    }

    private static boolean isSuspect(Message message) {
        return message.receiveCount() >= SUSPECT_RECEIVES;
    }
}
