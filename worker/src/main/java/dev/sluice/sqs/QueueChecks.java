package dev.sluice.sqs;

import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.sqs.QueueAttributes.DeadLetters;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What {@code sluice doctor} asks of the queue, from the outside in: a check that cannot pass ends the ones that need it.
 * Changes nothing and takes no message. Used by one thread.
 */
final class QueueChecks {

    /** SQS's default; with less, a batch of 1,000 has too little time for a slow commit and its deletes. */
    private static final Duration SHORT_VISIBILITY = Duration.ofSeconds(30);

    /** SQS's maximum; at or above it, what a killed worker held is away for half a day. */
    private static final Duration LONG_VISIBILITY = Duration.ofHours(12);

    /** A database that is down from Friday to Saturday must cost no message. */
    private static final Duration SHORT_RETENTION = Duration.ofDays(1);

    /** Peeks, restarts and failovers count as receives too. */
    private static final int FEW_RECEIVES = 5;

    private static final Duration NOTABLE_SKEW = Duration.ofMinutes(1);

    private static final int SHOWN_QUEUES = 10;

    private final SqsConnection connection;
    private final boolean leavesRejects;
    private final Clock clock;
    private final List<Finding> findings = new ArrayList<>();

    /** @param leavesRejects whether messages with bad data are left to the queue's redrive policy */
    QueueChecks(SqsConnection connection, boolean leavesRejects) {
        this(connection, leavesRejects, Clock.systemUTC());
    }

    QueueChecks(SqsConnection connection, boolean leavesRejects, Clock clock) {
        this.connection = connection;
        this.leavesRejects = leavesRejects;
        this.clock = clock;
    }

    List<Finding> check() {
        try {
            findings.add(Finding.pass(
                    "AWS credentials", "from " + connection.credentials().describe()));
        } catch (InfrastructureException none) {
            return List.of(Finding.fail("AWS credentials", none.kind(), none.getMessage()));
        }
        try {
            checkQueue(connection.resolveQueue());
        } catch (InfrastructureException failure) {
            findings.add(failed(failure));
        }
        return List.copyOf(findings);
    }

    private Finding failed(InfrastructureException failure) {
        return switch (failure.kind()) {
            case TRANSIENT, FATAL -> Finding.fail("queue endpoint", failure.kind(), failure.getMessage());
            case NOT_PERMITTED -> Finding.fail("queue permissions", failure.kind(), failure.getMessage());
            case CONFIG -> Finding.fail("queue", failure.kind(), failure.getMessage() + queuesHere());
        };
    }

    private void checkQueue(String queueUrl) {
        GetQueueAttributesResponse answer = connection.call(
                "sqs:GetQueueAttributes",
                sqs -> sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL)));
        QueueAttributes attributes = AttributeReader.of(answer.attributes());
        String name = connection.address().name();
        findings.add(Finding.pass("queue endpoint", connection.place().shown() + " answers"));
        findings.add(Finding.pass(
                "queue",
                name + " exists: " + (attributes.fifo() ? "FIFO" : "standard") + ", encryption "
                        + attributes.encryption() + ", " + attributes.depth().visible() + " waiting, "
                        + attributes.depth().inFlight() + " in flight, "
                        + attributes.depth().delayed() + " delayed"));
        findings.add(visibility(attributes.visibilityTimeout()));
        findings.add(retention(attributes.retention()));
        findings.add(redrive(attributes));
        if (leavesRejects) {
            findings.add(rejectsLeft(attributes));
        }
        checkPermissions(queueUrl, attributes);
        answer.sdkHttpResponse().firstMatchingHeader("Date").flatMap(this::skew).ifPresent(findings::add);
    }

    static Finding visibility(Duration timeout) {
        String subject = "queue visibility timeout";
        if (timeout.compareTo(SHORT_VISIBILITY) < 0) {
            return Finding.warn(
                    subject,
                    timeout.toSeconds() + " s: messages may come back while they are stored; set 30 s or more");
        }
        if (timeout.compareTo(LONG_VISIBILITY) >= 0) {
            return Finding.warn(
                    subject, timeout.toSeconds() + " s: what a killed worker held stays hidden so long; set minutes");
        }
        return Finding.pass(subject, timeout.toSeconds() + " s");
    }

    static Finding retention(@Nullable Duration retention) {
        String subject = "queue retention";
        if (retention == null) {
            return Finding.pass(subject, "not told; the ledger keeps keys as for 14 days, SQS's longest");
        }
        return retention.compareTo(SHORT_RETENTION) < 0
                ? Finding.warn(
                        subject,
                        retention.toMinutes()
                                + " min: an outage longer than that loses messages; set days (SQS: up to 14)")
                : Finding.pass(subject, retention.toHours() + " h");
    }

    static Finding redrive(QueueAttributes attributes) {
        String subject = "queue redrive policy";
        DeadLetters deadLetters = attributes.deadLetters();
        if (deadLetters == null) {
            return Finding.warn(
                    subject,
                    "none that can be read: bad data is quarantined, but a message that kills the worker comes back for"
                            + " ever; set a dead-letter queue with maxReceiveCount 5 or more");
        }
        String found = "to " + deadLetters.queueName() + " after " + deadLetters.maxReceiveCount() + " receives";
        return deadLetters.maxReceiveCount() < FEW_RECEIVES
                ? Finding.warn(subject, found + ": restarts count as receives too; set maxReceiveCount 5 or more")
                : Finding.pass(subject, found);
    }

    /** What {@code sink.reject: dlq} relies on: that somebody takes the messages away. */
    static Finding rejectsLeft(QueueAttributes attributes) {
        String subject = "sink.reject: dlq";
        DeadLetters deadLetters = attributes.deadLetters();
        if (deadLetters == null) {
            return Finding.warn(
                    subject,
                    "the queue has no redrive policy that can be read: a bad message comes again until its retention"
                            + " ends, and is lost then; set a redrive policy on the queue, or sink.reject: quarantine");
        }
        return attributes.fifo()
                ? Finding.warn(
                        subject,
                        "on a FIFO queue a bad message holds up its whole group until it was received "
                                + deadLetters.maxReceiveCount()
                                + " times and moved, and those behind it overtake it then; set sink.reject: quarantine")
                : Finding.pass(subject, "bad messages go to " + deadLetters.queueName());
    }

    /** Tries each with what cannot succeed: AWS decides on the permission before it looks at the receipt handle. */
    private void checkPermissions(String queueUrl, QueueAttributes attributes) {
        String madeUp = "sluice-doctor-made-up-receipt-handle";
        findings.add(permission(
                "sqs:DeleteMessage",
                () -> connection.call(
                        "sqs:DeleteMessage",
                        sqs -> sqs.deleteMessage(
                                request -> request.queueUrl(queueUrl).receiptHandle(madeUp)))));
        findings.add(permission(
                "sqs:ChangeMessageVisibility",
                () -> connection.call(
                        "sqs:ChangeMessageVisibility",
                        sqs -> sqs.changeMessageVisibility(request ->
                                request.queueUrl(queueUrl).receiptHandle(madeUp).visibilityTimeout(0)))));
        if (attributes.depth().visible() > 0) {
            findings.add(Finding.pass(
                    "sqs:ReceiveMessage", "not tried: messages are waiting, and trying would count as a receive"));
            return;
        }
        findings.add(permission(
                "sqs:ReceiveMessage",
                () -> connection.call(
                        "sqs:ReceiveMessage",
                        sqs -> sqs.receiveMessage(
                                // Should one have come in meanwhile, it is visible again at once.
                                request -> request.queueUrl(queueUrl)
                                        .waitTimeSeconds(0)
                                        .visibilityTimeout(0)))));
    }

    private static Finding permission(String operation, Runnable attempt) {
        try {
            attempt.run();
        } catch (InfrastructureException failure) {
            if (failure.kind() != Kind.CONFIG) {
                return Finding.fail(operation, failure.kind(), failure.getMessage());
            }
        }
        return Finding.pass(operation, "permitted");
    }

    Optional<Finding> skew(String date) {
        try {
            ZonedDateTime theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(skew(Duration.between(theirs.toInstant(), clock.instant())));
        } catch (DateTimeException unreadable) {
            return Optional.empty(); // an emulator's; AWS always sends one
        }
    }

    /** The SDK learns the difference from the answer that refuses its first call, and signs by SQS's clock from then on. */
    private static Finding skew(Duration ahead) {
        String found = Math.abs(ahead.toSeconds()) + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " SQS";
        return ahead.abs().compareTo(NOTABLE_SKEW) > 0
                ? Finding.warn(
                        "clock", found + ": signatures are corrected, but --for and --schedule are not; set this clock")
                : Finding.pass("clock", found);
    }

    private String queuesHere() {
        try {
            List<String> names = new SqsQueueClient(connection).queueNames();
            return names.isEmpty()
                    ? " There are no queues here."
                    : " Queues here: " + String.join(", ", names.subList(0, Math.min(SHOWN_QUEUES, names.size())))
                            + (names.size() > SHOWN_QUEUES ? ", .." : "");
        } catch (InfrastructureException notListed) {
            return ""; // what failed first is said already
        }
    }
}
