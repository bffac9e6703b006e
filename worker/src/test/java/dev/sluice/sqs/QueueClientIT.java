package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.aws.CallListener;
import dev.sluice.config.QueueSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.embedded.SqsServer;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Source;
import dev.sluice.sqs.QueueClient.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueClientIT {

    private final SqsServer server = SqsServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsTwentyFiveWithOneThatNeedsACallOfItsOwn() {
        try (QueueClient client = client("login-queue")) {
            client.createQueue("login-queue");
            List<String> bodies = new ArrayList<>(Collections.nCopies(24, "{}"));
            bodies.add(12, "x".repeat(250 << 10) + "\u20ac".repeat(10 << 10));
            List<Long> progress = new ArrayList<>();

            Sent sent = client.send(bodies.iterator(), null, progress::add);

            assertThat(sent).isEqualTo(new Sent(25, 0));
            assertThat(sent.messages()).isEqualTo(client.attributes().depth().visible());
            assertThat(progress).endsWith(sent.messages());
        }
    }

    @Test
    void givesBackWhatItShowed() {
        try (QueueClient client = client("login-queue")) {
            client.createQueue("login-queue");
            client.send(Collections.nCopies(15, "{}").iterator(), null, sent -> {});
            List<Message> shown = new ArrayList<>();

            client.peek(12, List.of(), shown::addAll);

            assertThat(shown).hasSize(12).extracting(Message::id).doesNotHaveDuplicates();
            assertThat(client.attributes().depth()).isEqualTo(new Source.Depth(15, 0, 0));
        }
    }

    @Test
    void givesBackWhatItShowedEvenWhenTheViewerFails() {
        try (QueueClient client = client("login-queue")) {
            client.createQueue("login-queue");
            client.send(Collections.nCopies(3, "{}").iterator(), null, sent -> {});

            assertThatIllegalStateException()
                    .isThrownBy(() -> client.peek(3, List.of(), shown -> {
                        throw new IllegalStateException("viewer");
                    }));
            assertThat(client.attributes().depth().visible()).isEqualTo(3);
        }
    }

    @Test
    void endsPeekingWhenTheQueueHoldsFewer() {
        try (QueueClient client = client("login-queue")) {
            client.createQueue("login-queue");
            List<Message> shown = new ArrayList<>();

            client.peek(5, List.of(), shown::addAll);

            assertThat(shown).isEmpty();
        }
    }

    @Test
    void findsTheQueueByUrlAsByName() {
        try (QueueClient byName = client("login-queue")) {
            String url = byName.createQueue("login-queue");
            byName.send(List.of("{}").iterator(), null, sent -> {});

            for (String address : List.of(url, server.endpoint() + "/queue/login-queue")) {
                try (Source source = Queues.source(
                        TestSettings.queue(address), List.of(), false, TestSettings.RUN, Map.of(), CallListener.NONE)) {
                    assertThat(source.depth().visible()).isEqualTo(1);
                }
            }
            assertThat(byName.createQueue("login-queue")).isEqualTo(url);
        }
    }

    @Test
    void sendsToAFifoQueueAndReportsThatItIsOne() {
        try (QueueClient client = client("orders.fifo")) {
            client.createQueue("orders.fifo");
            client.send(List.of("a", "a", "b").iterator(), "group-1", sent -> {});

            assertThat(client.attributes().fifo()).isTrue();
            assertThat(client.attributes().visibilityTimeout()).isEqualTo(Duration.ofSeconds(30));
            client.peek(1, List.of(), shown -> assertThat(shown).hasSize(1));
            assertThat(client.attributes().depth().visible()).isEqualTo(3);
        }
    }

    @Test
    void reportsAMissingQueue() {
        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(() -> Queues.source(
                        settings("no-such-queue"), List.of(), false, TestSettings.RUN, Map.of(), CallListener.NONE))
                .withMessageContaining("no-such-queue")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFIG));
    }

    @Test
    void findsNothingWrongWithAQueueThatWorks() {
        try (QueueClient client = client("login-queue")) {
            client.createQueue("login-queue");

            List<Finding> findings = Queues.check(settings("login-queue"), Map.of(), false);

            assertThat(findings).hasSizeGreaterThan(8).noneMatch(finding -> finding.verdict() == Verdict.FAIL);
            assertThat(findings)
                    .filteredOn(finding -> finding.verdict() == Verdict.WARN)
                    .extracting(Finding::subject)
                    .containsExactly("queue redrive policy");
        }
    }

    private QueueClient client(String queue) {
        return Queues.client(settings(queue), Map.of());
    }

    private QueueSettings settings(String queue) {
        return TestSettings.queue(queue, server.endpoint());
    }
}
