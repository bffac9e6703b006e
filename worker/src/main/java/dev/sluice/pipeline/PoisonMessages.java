package dev.sluice.pipeline;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Attempts.Unfinished;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a poison message, one that kills the process, from taking its neighbours to the dead-letter queue. Messages that
 * are delivered again are noted before they are tried; those that were in the hands of a worker that died come by
 * themselves, after all that is beyond suspicion is settled, and while no other lane works. One that was tried by itself
 * when a worker died comes last. So of messages that were once in flight with a poison message each is received four times
 * at most: twice beside it, once behind it, once before it.
 *
 * <p>On a FIFO queue the order of receipt is kept: a suspect is alone, but in its place. Shared by all lanes; thread-safe.
 */
final class PoisonIsolation {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonIsolation.class);

    private final Attempts attempts;
    private final CircuitBreaker database;
    private final boolean ordered;

    /**
     * @param database the circuit breaker of what {@code attempts} asks
     * @param ordered whether messages must be tried in the order of receipt
     */
    PoisonIsolation(Attempts attempts, CircuitBreaker database, boolean ordered) {
        this.attempts = attempts;
        this.database = database;
        this.ordered = ordered;
    }

    /**
     * Tries messages, in one group or in several. What is noted stays so if {@code attempt} throws anything but an
     * {@link InfrastructureException}: the process is about to end because of one of them.
     *
     * @param received at least one, in order of receipt; none is left out or tried twice
     * @param place the lane's, which it changes as it must
     * @param attempt maps, stores and settles messages
     */
    void run(List<Message> received, Company.Place place, Consumer<List<Message>> attempt) {
        List<Message> redelivered =
                received.stream().filter(message -> message.receiveCount() > 1).toList();
        if (redelivered.isEmpty()) {
            attempt.accept(received);
            return;
        }
        try {
            Map<String, Unfinished> suspects = database.run(() -> attempts.begin(redelivered));
            for (List<Message> group : groups(received, suspects)) {
                takeUp(group, suspects, place);
                attempt.accept(group);
            }
        } catch (InfrastructureException failure) {
            forget(redelivered);
            throw failure;
        }
        forget(redelivered);
    }

    private void takeUp(List<Message> group, Map<String, Unfinished> suspects, Company.Place place) {
        Message first = group.getFirst();
        if (suspects.containsKey(first.id())) {
            LOG.warn("{} was in flight when a worker died or lost it: it is tried by itself.", first);
            place.beAlone();
            database.run(() -> attempts.beginAlone(first));
        } else {
            place.beAmongOthers();
        }
    }

    /** Suspects each by itself, the others together. */
    private List<List<Message>> groups(List<Message> received, Map<String, Unfinished> suspects) {
        List<List<Message>> groups = new ArrayList<>();
        List<Message> together = new ArrayList<>();
        for (Message message : ordered ? received : suspectsLast(received, suspects)) {
            if (suspects.containsKey(message.id())) {
                addUnlessEmpty(groups, together);
                groups.add(List.of(message));
                together = new ArrayList<>();
            } else {
                together.add(message);
            }
        }
        addUnlessEmpty(groups, together);
        return groups;
    }

    private static List<Message> suspectsLast(List<Message> received, Map<String, Unfinished> suspects) {
        return received.stream()
                .sorted(Comparator.comparingInt(message -> switch (suspects.get(message.id())) {
                    case null -> 0;
                    case TOGETHER -> 1;
                    case ALONE -> 2;
                }))
                .toList();
    }

    private static void addUnlessEmpty(List<List<Message>> groups, List<Message> group) {
        if (!group.isEmpty()) {
            groups.add(group);
        }
    }

    private void forget(List<Message> redelivered) {
        try {
            attempts.end(redelivered);
        } catch (InfrastructureException failure) {
            LOG.warn(
                    "{} redelivered messages stay noted as being tried, and are isolated if they come again: {}",
                    redelivered.size(),
                    failure.getMessage());
        }
    }
}
