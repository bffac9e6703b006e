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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;

/**
 * The queue's checks for {@code sluice doctor}; a failed check ends those that depend on it. Changes nothing and takes no
 * message. Used by one thread.
 */
final class QueueChecks {

    /** SQS's default; less is too short for a slow commit and the deletes of a batch of 1,000. */
    private static final Duration SHORT_VISIBILITY = Duration.ofSeconds(30);

    /** SQS's maximum: the messages of a killed worker stay hidden for half a day. */
    private static final Duration LONG_VISIBILITY = Duration.ofHours(12);

    /** A database that is down from Friday to Saturday must not lose a message. */
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
        GetQueueAttributesResponse answer = connection.attributes(queueUrl);
        QueueAttributes attributes = QueueAttributes.of(answer.attributes());
        String name = connection.address().name();
        findings.add(Finding.pass("queue endpoint", connection.endpoint().shown() + " answers"));
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
                    subject,
                    timeout.toSeconds() + " s: the messages of a killed worker stay hidden for that long; set minutes");
        }
        return Finding.pass(subject, timeout.toSeconds() + " s");
    }

    static Finding retention(@Nullable Duration retention) {
        String subject = "queue retention";
        if (retention == null) {
            return Finding.pass(subject, "not reported; the ledger keeps its keys for 14 days, SQS's maximum");
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
                    "none that is readable: bad data is quarantined, but a message that kills the worker comes back"
                            + " indefinitely; set a dead-letter queue with maxReceiveCount 5 or more");
        }
        String found = "to " + deadLetters.queueName() + " after " + deadLetters.maxReceiveCount() + " receives";
        return deadLetters.maxReceiveCount() < FEW_RECEIVES
                ? Finding.warn(subject, found + ": restarts count as receives too; set maxReceiveCount 5 or more")
                : Finding.pass(subject, found);
    }

    /** {@code sink.reject: dlq} relies on a redrive policy that takes the messages away. */
    static Finding rejectsLeft(QueueAttributes attributes) {
        String subject = "sink.reject: dlq";
        DeadLetters deadLetters = attributes.deadLetters();
        if (deadLetters == null) {
            return Finding.warn(
                    subject,
                    "the queue has no redrive policy that is readable: a bad message is redelivered until its"
                            + " retention period ends, and is then lost; set a redrive policy on the queue, or"
                            + " sink.reject: quarantine");
        }
        return attributes.fifo()
                ? Finding.warn(
                        subject,
                        "on a FIFO queue a bad message holds up its whole group until it was received "
                                + deadLetters.maxReceiveCount()
                                + " times and is moved; then later messages overtake it. Set sink.reject: quarantine")
                : Finding.pass(subject, "bad messages go to " + deadLetters.queueName());
    }

    /** Tries each call with an invalid receipt handle: AWS checks the permission before the handle. */
    private void checkPermissions(String queueUrl, QueueAttributes attributes) {
        String invalid = "sluice-doctor-made-up-receipt-handle";
        findings.add(permission(
                "sqs:DeleteMessage",
                sqs -> sqs.deleteMessage(request -> request.queueUrl(queueUrl).receiptHandle(invalid))));
        findings.add(permission(
                "sqs:ChangeMessageVisibility",
                sqs -> sqs.changeMessageVisibility(request ->
                        request.queueUrl(queueUrl).receiptHandle(invalid).visibilityTimeout(0))));
        if (attributes.depth().visible() > 0) {
            findings.add(Finding.pass(
                    "sqs:ReceiveMessage", "not tried: messages are waiting, and trying would count as a receive"));
            return;
        }
        findings.add(permission(
                "sqs:ReceiveMessage",
                sqs -> sqs.receiveMessage(
                        // A message that has arrived meanwhile is visible again at once.
                        request -> request.queueUrl(queueUrl).waitTimeSeconds(0).visibilityTimeout(0))));
    }

    private <T> Finding permission(String operation, Function<SqsClient, T> attempt) {
        try {
            connection.call(operation, attempt);
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
            return Optional.empty(); // from an emulator; AWS's is always readable
        }
    }

    /** The SDK learns the difference when its first call is refused, and signs by SQS's clock from then on. */
    private static Finding skew(Duration ahead) {
        String found = Math.abs(ahead.toSeconds()) + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " SQS";
        return ahead.abs().compareTo(NOTABLE_SKEW) > 0
                ? Finding.warn(
                        "clock",
                        found
                                + ": signatures are corrected, but --for and --schedule are not; set this machine's clock")
                : Finding.pass("clock", found);
    }

    private String queuesHere() {
        try {
            List<String> names = new QueueLister(connection).names(null, 1);
            return names.isEmpty()
                    ? " There are no queues."
                    : " Existing queues: " + String.join(", ", names.subList(0, Math.min(SHOWN_QUEUES, names.size())))
                            + (names.size() > SHOWN_QUEUES ? ", .." : "");
        } catch (InfrastructureException notListed) {
            return ""; // the first failure is reported already
        }
    }
}
