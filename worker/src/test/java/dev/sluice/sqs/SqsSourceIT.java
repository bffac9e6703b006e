package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.CallListener;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.SqsServer;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class SqsSourceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Source.Arrivals UNHEARD = (messages, asked) -> {};

    private static SqsServer server;

    private QueueSettings settings;
    private QueueClient client;
    private Source source;

    @BeforeAll
    static void start() {
        server = SqsServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        settings = TestSettings.queue(test.getTestMethod().orElseThrow().getName(), server.endpoint());
        client = Queues.client(settings, Map.of());
        client.createQueue(settings.queue());
        source = Queues.source(settings, List.of(), false, TestSettings.RUN, Map.of(), CallListener.NONE);
    }

    @AfterEach
    void close() {
        source.close();
        client.close();
    }

    @Test
    void receivesEveryMessageOnceAndLeavesNothing() {
        List<String> bodies = bodies(2_500);
        client.send(bodies.iterator(), null, sent -> {});

        List<Message> received = drain();

        assertThat(received.stream().map(SqsSourceIT::text)).containsExactlyInAnyOrderElementsOf(bodies);
        assertThat(received).extracting(Message::id).doesNotHaveDuplicates();
        assertThat(source.depth().isEmpty()).isTrue();
    }

    @Test
    void takesEqualBodiesForSeparateMessages() {
        List<String> twice =
                Stream.concat(bodies(300).stream(), bodies(300).stream()).toList();
        client.send(twice.iterator(), null, sent -> {});

        assertThat(drain().stream().map(SqsSourceIT::text)).containsExactlyInAnyOrderElementsOf(twice);
        assertThat(source.depth().isEmpty()).isTrue();
    }

    /** Gathering for longer than a worker does, since a slow machine takes more than its second. */
    @Test
    void fillsBatchesUpToTheirSize() {
        client.send(bodies(1_010).iterator(), null, sent -> {});

        try (SqsConnection connection = SqsConnection.open(settings, Map.of());
                Receiver receiving = new Receiver(
                        connection,
                        connection.resolveQueue(),
                        new ReceivedAttributes(List.of(), false),
                        TestSettings.RUN,
                        Duration.ofMinutes(5))) {
            assertThat(receiving.receive(PATIENCE, UNHEARD).messages()).hasSize(1_000);
            assertThat(receiving.receive(PATIENCE, UNHEARD).messages()).hasSize(10);
            assertThat(receiving.receive(Duration.ZERO, UNHEARD).messages()).isEmpty();
        }
    }

    @Test
    void givesBackAtOnce() {
        client.send(bodies(25).iterator(), null, sent -> {});
        List<Message> first = source.receive(PATIENCE, UNHEARD).messages();
        assertThat(source.depth()).isEqualTo(new Source.Depth(0, 25, 0));

        source.makeVisible(first);

        assertThat(source.depth()).isEqualTo(new Source.Depth(25, 0, 0));
        assertThat(source.receive(PATIENCE, UNHEARD).messages())
                .hasSize(25)
                .allSatisfy(again -> assertThat(again.receiveCount()).isEqualTo(2));
    }

    @Test
    void extendsWhatIsInFlightAndReportsWhatIsDead() {
        client.send(bodies(12).iterator(), null, sent -> {});
        List<Message> held = source.receive(PATIENCE, UNHEARD).messages();
        source.delete(held.subList(0, 2));

        Source.Extension extension = source.extend(held, source.visibilityTimeout());

        assertThat(extension.extended()).isEqualTo(held.subList(2, 12));
        assertThat(extension.dead()).isEqualTo(held.subList(0, 2));
        assertThat(source.visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void keepsWhatIsPostponedOutOfSight() {
        client.send(bodies(1).iterator(), null, sent -> {});

        source.retryLater(source.receive(PATIENCE, UNHEARD).messages());

        assertThat(source.receive(Duration.ZERO, UNHEARD).messages()).isEmpty();
        assertThat(source.depth()).isEqualTo(new Source.Depth(0, 1, 0));
    }

    @Test
    void reportsTheSameSentTimeOnEveryDelivery() {
        client.send(bodies(1).iterator(), null, sent -> {});
        Message first = source.receive(PATIENCE, UNHEARD).messages().getFirst();
        source.makeVisible(List.of(first));
        Message again = source.receive(PATIENCE, UNHEARD).messages().getFirst();

        assertThat(again.sentAt()).isEqualTo(first.sentAt());
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.receiptHandle()).isNotEqualTo(first.receiptHandle());
    }

    private List<Message> drain() {
        List<Message> all = new ArrayList<>();
        for (List<Message> batch = source.receive(PATIENCE, UNHEARD).messages();
                !batch.isEmpty();
                batch = source.receive(PATIENCE, UNHEARD).messages()) {
            all.addAll(batch);
            assertThat(source.delete(batch)).isEqualTo(new Source.Deletion(List.of(), List.of(), null));
        }
        return all;
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "{\"user_id\":\"\u00fc-" + number + "\"}")
                .toList();
    }

    private static String text(Message message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }
}
