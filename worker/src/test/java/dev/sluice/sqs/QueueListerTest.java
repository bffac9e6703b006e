package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueListerTest {

    private final StubSqs sqs = new StubSqs();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void readsEveryPage() {
        sqs.answers(
                "ListQueues",
                StubSqs.ok("{\"QueueUrls\":[\"" + sqs.origin() + "/1/b\"],\"NextToken\":\"more\"}"),
                StubSqs.ok("{\"QueueUrls\":[\"" + sqs.origin() + "/1/a\"]}"));

        assertThat(list()).extracting(QueueOverview::name).containsExactly("a", "b");
        assertThat(sqs.requests("ListQueues").getFirst()).contains("\"MaxResults\":1000", "\"QueueNamePrefix\":\"p\"");
        assertThat(sqs.requests("ListQueues").getLast()).contains("\"NextToken\":\"more\"");
    }

    @Test
    void relatesQueuesToTheirDeadLetterQueue() {
        sqs.answers("ListQueues", StubSqs.ok("{\"QueueUrls\":[\"" + sqs.origin() + "/1/dlq\"]}"))
                .answers(
                        "GetQueueAttributes",
                        StubSqs.ok(
                                "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"7\",\"RedrivePolicy\":"
                                        + "\"{\\\"deadLetterTargetArn\\\":\\\"arn:aws:sqs:r:1:dlq\\\",\\\"maxReceiveCount\\\":5}\"}}"));

        QueueOverview itself = list().getFirst();

        assertThat(itself.deadLettersOf()).containsExactly("dlq");
        assertThat(itself.deadLetters()).isEqualTo(new QueueAttributes.DeadLetters("arn:aws:sqs:r:1:dlq", 5));
    }

    @Test
    void leavesOutAQueueThatWasDeletedMeanwhile() {
        sqs.answers("ListQueues", StubSqs.ok("{\"QueueUrls\":[\"" + sqs.origin() + "/1/gone\"]}"))
                .answers("GetQueueAttributes", StubSqs.error(400, "QueueDoesNotExist"));

        assertThat(list()).isEmpty();
    }

    @Test
    void saysThatAWorkersRoleDoesNotHaveThePermission() {
        sqs.answers("ListQueues", StubSqs.error(403, "AccessDeniedException"));

        assertThatExceptionOfType(InfrastructureException.class)
                .isThrownBy(this::list)
                .withMessageContaining("sqs:ListQueues failed")
                .withMessageContaining("A role that only runs the worker does not have sqs:ListQueues, nor need it.")
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_PERMITTED));
    }

    private List<QueueOverview> list() {
        return Queues.list(sqs.settings(), StubSqs.Keys.MADE_UP, "p");
    }
}
