package dev.sluice.sqs;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.ListQueuesResponse;

/** Lists the queues of an account and region with their attributes. Used by one thread. */
final class QueueLister {

    /** The largest page of ListQueues (SQS API reference, MaxResults). Without MaxResults there are no further pages. */
    private static final int PAGE = 1_000;

    /** An account may have thousands of queues, at 20 ms each. */
    private static final int CALLS_AT_ONCE = 8;

    private final SqsConnection connection;

    QueueLister(SqsConnection connection) {
        this.connection = connection;
    }

    /** Names of queues, in order. */
    List<String> names(@Nullable String prefix, int pages) {
        return urls(prefix, pages).stream().map(QueueLister::name).sorted().toList();
    }

    /** All queues, in order of their names. */
    List<QueueOverview> list(@Nullable String prefix) {
        try (BoundedCalls calls = new BoundedCalls("sqs-queues", CALLS_AT_ONCE)) {
            List<QueueOverview> queues = calls.map(urls(prefix, Integer.MAX_VALUE), this::overview).stream()
                    .filter(queue -> !isDeleted(queue))
                    .sorted(Comparator.comparing(QueueOverview::name))
                    .toList();
            return queues.stream().map(queue -> withSources(queue, queues)).toList();
        }
    }

    private List<String> urls(@Nullable String prefix, int pages) {
        List<String> urls = new ArrayList<>();
        String next = null;
        for (int page = 0; page < pages && (page == 0 || next != null); page++) {
            ListQueuesResponse answer = page(prefix, next);
            urls.addAll(answer.queueUrls());
            next = answer.nextToken();
        }
        return urls;
    }

    private ListQueuesResponse page(@Nullable String prefix, @Nullable String token) {
        try {
            return connection.call(
                    "sqs:ListQueues",
                    sqs -> sqs.listQueues(request ->
                            request.queueNamePrefix(prefix).maxResults(PAGE).nextToken(token)));
        } catch (InfrastructureException failure) {
            throw failure.kind() != Kind.NOT_PERMITTED
                    ? failure
                    : new InfrastructureException(
                            Kind.NOT_PERMITTED,
                            failure.getMessage()
                                    + " A role that only runs the worker does not have sqs:ListQueues, nor need it.");
        }
    }

    private static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private QueueOverview overview(String url) {
        try {
            QueueAttributes attributes = QueueAttributes.read(connection, url);
            return new QueueOverview(name(url), attributes.depth(), attributes.deadLetters(), List.of(), null);
        } catch (InfrastructureException failure) {
            return new QueueOverview(name(url), null, null, List.of(), failure);
        }
    }

    /** SQS lists a queue for some time after it was deleted. */
    private static boolean isDeleted(QueueOverview queue) {
        return queue.fault() != null && queue.fault().kind() == Kind.CONFIG;
    }

    private static QueueOverview withSources(QueueOverview queue, List<QueueOverview> all) {
        List<String> sources = all.stream()
                .filter(other -> other.deadLetters() != null
                        && Objects.equals(other.deadLetters().queueName(), queue.name()))
                .map(QueueOverview::name)
                .toList();
        return new QueueOverview(queue.name(), queue.depth(), queue.deadLetters(), sources, queue.fault());
    }
}
