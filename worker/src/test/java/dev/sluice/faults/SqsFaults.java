package dev.sluice.faults;

import static org.awaitility.Awaitility.await;

import dev.sluice.faults.SqsProxy.Answer;
import dev.sluice.faults.SqsProxy.Call;
import dev.sluice.faults.SqsProxy.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** What SQS, or the way to it, may do to a call. Each answers a fault for {@link SqsProxy}. */
final class SqsFaults {

    static final String RECEIVE = "ReceiveMessage";
    static final String DELETE = "DeleteMessageBatch";
    static final String VISIBILITY = "ChangeMessageVisibilityBatch";
    static final String ATTRIBUTES = "GetQueueAttributes";

    /** What a running worker calls. */
    static final List<String> OPERATIONS = List.of(RECEIVE, DELETE, VISIBILITY, ATTRIBUTES);

    private static final Duration LOOK = Duration.ofMillis(10);

    private SqsFaults() {}

    static Fault error(int status, String code) {
        return call -> Answer.error(status, code);
    }

    /** The connection ends without an answer. */
    static Fault hangUp() {
        return call -> new Answer(0, "", true);
    }

    /** Done by the server, but the answer breaks off. */
    static Fault truncated() {
        return call -> new Answer(200, call.pass().body(), true);
    }

    /** An answer without messages, whatever there is. */
    static Fault emptyReceive() {
        return call -> Answer.ok("{}");
    }

    /** The first so many calls fare like that, the others pass. */
    static Fault first(int times, Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        return call -> left.getAndDecrement() > 0 ? fault.answer(call) : call.pass();
    }

    /** What the worker postpones for half a minute or a minute comes again after two seconds. */
    static Fault postponedBriefly() {
        return call -> call.ask(
                VISIBILITY, call.body().replaceAll("\"VisibilityTimeout\":(30|60)\\b", "\"VisibilityTimeout\":2"));
    }

    /** One call passes, whichever is first; the others wait for ever. */
    static Fault onlyOne() {
        AtomicBoolean gone = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        return call -> {
            if (gone.getAndSet(true)) {
                never.await();
            }
            return call.pass();
        };
    }

    /** Each message comes twice in one answer, under two receipt handles, the older one first. */
    static Fault doubled() {
        return call -> {
            String peek = call.body().replaceFirst("\\{", "{\"VisibilityTimeout\":0,");
            String older =
                    messages(call.ask(RECEIVE, peek.replaceFirst("\"WaitTimeSeconds\":\\d+", "\"WaitTimeSeconds\":0")));
            String newer = messages(call.pass());
            String both = older.isEmpty() || newer.isEmpty() ? older + newer : older + "," + newer;
            return Answer.ok("{\"Messages\":[" + both + "]}");
        };
    }

    private static String messages(Answer answer) {
        int from = answer.body().indexOf('[');
        return from < 0 ? "" : answer.body().substring(from + 1, answer.body().lastIndexOf(']'));
    }

    /** Of each call, the entries at these places are refused with that code and not deleted; the answer is still 200. */
    static Fault refuseEntries(IntPredicate places, String code) {
        return call -> {
            List<Entry> entries = entries(call.body());
            List<Entry> refused = new ArrayList<>();
            List<Entry> passed = new ArrayList<>();
            for (int place = 0; place < entries.size(); place++) {
                (places.test(place) ? refused : passed).add(entries.get(place));
            }
            if (!passed.isEmpty()) {
                call.ask(DELETE, request(call.body(), passed, ""));
            }
            return Answer.ok(outcome(passed, refused, code));
        };
    }

    /** Remembers which receipt handle belongs to which message, how often messages were received, and who has them in hand. */
    static final class Deliveries implements Fault {

        private final Map<String, String> idByHandle = new ConcurrentHashMap<>();
        private final Map<String, Integer> countById = new ConcurrentHashMap<>();
        private final Set<String> again = ConcurrentHashMap.newKeySet();
        private final Set<String> repeated = ConcurrentHashMap.newKeySet();
        private final Map<String, String> holderById = new ConcurrentHashMap<>();
        private final Map<String, Integer> deletedBy = new ConcurrentHashMap<>();
        private final Set<String> dead = ConcurrentHashMap.newKeySet();

        /** Written by whoever kills: while it is held nothing is deleted, so that what is in a hand stays there. */
        private final ReadWriteLock deleting = new ReentrantReadWriteLock();

        @Override
        public Answer answer(Call call) throws IOException, InterruptedException {
            Answer answer = call.pass();
            if (answer.status() == 200 && answer.body().contains("ReceiptHandle")) {
                list(answer.body(), "Messages").forEach(message -> {
                    String id = text(message, "MessageId");
                    idByHandle.put(text(message, "ReceiptHandle"), id);
                    countById.merge(id, 1, Integer::sum);
                    holderById.put(id, call.caller());
                });
            }
            return answer;
        }

        /** The ids of the messages in an answer to ReceiveMessage. */
        static Set<String> ids(Answer answer) {
            return answer.status() == 200
                    ? list(answer.body(), "Messages").stream()
                            .map(message -> text(message, "MessageId"))
                            .collect(Collectors.toSet())
                    : Set.of();
        }

        /** The messages that were received more often than that, by whoever. */
        Set<String> receivedMoreThan(int times) {
            return countById.entrySet().stream()
                    .filter(delivered -> delivered.getValue() > times)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /** How often that message was received which was received most; 0 when none was. */
        int mostReceives() {
            return countById.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        }

        /** These messages are to be delivered once more after they were deleted. */
        void deliverAgain(Set<String> messageIds) {
            again.addAll(messageIds);
        }

        /** The messages that were delivered more often than planned: what some worker had in hand when it died. */
        Set<String> redelivered() {
            return countById.entrySet().stream()
                    .filter(delivered -> delivered.getValue() > (repeated.contains(delivered.getKey()) ? 2 : 1))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /**
         * Waits until one of the workers has messages in hand, and kills it before it can delete them: no call of its
         * own gets through any more. From the moment of asking nobody deletes, so that it only waits for a receive.
         *
         * @return the messages, which must come again
         */
        Set<String> killHolder(Collection<WorkerProcess> workers, Duration patience) {
            deleting.writeLock().lock();
            try {
                await("messages in hand").atMost(patience).pollInterval(LOOK).until(() -> workers.stream()
                        .anyMatch(this::hasAny));
                WorkerProcess victim =
                        workers.stream().filter(this::hasAny).findFirst().orElseThrow();
                victim.signal("KILL");
                victim.exitCode();
                dead.add(victim.name());
                return inHandOf(victim);
            } finally {
                deleting.writeLock().unlock();
            }
        }

        /** Whether it has received something that it has not deleted. */
        boolean hasAny(WorkerProcess worker) {
            return !inHandOf(worker).isEmpty();
        }

        private Set<String> inHandOf(WorkerProcess worker) {
            return holderById.entrySet().stream()
                    .filter(held -> held.getValue().equals(worker.name()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        private boolean isPlanned(String handle) {
            String id = idByHandle.getOrDefault(handle, "");
            return again.remove(id) && repeated.add(id);
        }

        /** The other half, for DeleteMessageBatch: confirmed without being done, once, for those that are to come again. */
        Answer delete(Call call) throws IOException, InterruptedException {
            deleting.readLock().lock();
            try {
                return dead.contains(call.caller()) ? hangUp().answer(call) : deleteUnlessPlanned(call);
            } finally {
                deleting.readLock().unlock();
            }
        }

        /** How many messages each worker has asked to delete so far, by its name. */
        Map<String, Integer> deletedBy() {
            return Map.copyOf(deletedBy);
        }

        private Answer deleteUnlessPlanned(Call call) throws IOException, InterruptedException {
            entries(call.body()).forEach(entry -> holderById.remove(idByHandle.getOrDefault(entry.handle(), "")));
            deletedBy.merge(call.caller(), entries(call.body()).size(), Integer::sum);
            Map<Boolean, List<Entry>> parts = entries(call.body()).stream()
                    .collect(Collectors.partitioningBy(entry -> isPlanned(entry.handle())));
            List<Entry> kept = parts.getOrDefault(true, List.of());
            if (kept.isEmpty()) {
                return call.pass();
            }
            call.ask(VISIBILITY, request(call.body(), kept, ",\"VisibilityTimeout\":0"));
            List<Entry> others = parts.getOrDefault(false, List.of());
            if (!others.isEmpty()) {
                Answer real = call.ask(DELETE, request(call.body(), others, ""));
                if (real.status() != 200 || !list(real.body(), "Failed").isEmpty()) {
                    return real; // without the kept ones, which the worker then sends again
                }
            }
            return Answer.ok(outcome(entries(call.body()), List.of(), ""));
        }
    }

    private record Entry(String id, String handle) {}

    private static List<Entry> entries(String request) {
        return list(request, "Entries").stream()
                .map(entry -> new Entry(text(entry, "Id"), text(entry, "ReceiptHandle")))
                .toList();
    }

    private static String request(String original, List<Entry> entries, String more) {
        String url = text(JsonNode.parser().parse(original), "QueueUrl");
        return entries.stream()
                .map(entry ->
                        "{\"Id\":\"" + entry.id() + "\",\"ReceiptHandle\":\"" + entry.handle() + "\"" + more + "}")
                .collect(Collectors.joining(",", "{\"QueueUrl\":\"" + url + "\",\"Entries\":[", "]}"));
    }

    private static String outcome(List<Entry> done, List<Entry> refused, String code) {
        return "{\"Successful\":["
                + done.stream().map(entry -> "{\"Id\":\"" + entry.id() + "\"}").collect(Collectors.joining(","))
                + "],\"Failed\":["
                + refused.stream()
                        .map(entry -> "{\"Id\":\"" + entry.id() + "\",\"Code\":\"" + code + "\",\"SenderFault\":false}")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static List<JsonNode> list(String json, String field) {
        return JsonNode.parser().parse(json).field(field).map(JsonNode::asArray).orElse(List.of());
    }

    private static String text(JsonNode object, String field) {
        return object.field(field).map(JsonNode::asString).orElse("");
    }
}
