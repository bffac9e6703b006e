package dev.sluice.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.TestSettings;
import dev.sluice.failure.Finding;
import dev.sluice.failure.Finding.Verdict;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.pipeline.Source.Depth;
import dev.sluice.sqs.QueueAttributes.DeadLetters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueChecksTest {

    private final StubSqs sqs = new StubSqs();

    @AfterEach
    void stop() {
        sqs.close();
    }

    @Test
    void passesPermissionsThatFailOnlyForTheInvalidHandle() {
        sqs.answers("DeleteMessage", StubSqs.error(404, "ReceiptHandleIsInvalid"))
                .answers("ChangeMessageVisibility", StubSqs.error(400, "InvalidParameterValue"))
                .answers("ReceiveMessage", StubSqs.ok("{}"));

        assertThat(check())
                .filteredOn(finding -> finding.subject().startsWith("sqs:"))
                .hasSize(3)
                .allMatch(finding -> finding.verdict() == Verdict.PASS);
    }

    @Test
    void failsThePermissionThatIsDenied() {
        sqs.answers("DeleteMessage", StubSqs.error(403, "AccessDeniedException"))
                .answers("ChangeMessageVisibility", StubSqs.ok("{}"))
                .answers("ReceiveMessage", StubSqs.ok("{}"));

        assertThat(check())
                .filteredOn(finding -> finding.verdict() == Verdict.FAIL)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("sqs:DeleteMessage");
                    assertThat(finding.kind()).isEqualTo(Kind.NOT_PERMITTED);
                });
    }

    @Test
    void receivesNothingWhileMessagesWait() {
        sqs.answers("GetQueueAttributes", StubSqs.ok("{\"Attributes\":{\"ApproximateNumberOfMessages\":\"3\"}}"));

        assertThat(check()).anyMatch(finding -> finding.message().contains("not tried"));
        assertThat(sqs.requests("ReceiveMessage")).isEmpty();
    }

    @Test
    void skipsWhatDependsOnAQueueThatIsNotThereAndNamesThoseThatAre() {
        sqs.answers("GetQueueAttributes", StubSqs.error(400, "QueueDoesNotExist"))
                .answers("ListQueues", StubSqs.ok("{\"QueueUrls\":[\"http://x/0/other-queue\"]}"));

        List<Finding> findings = check();

        assertThat(findings).extracting(Finding::verdict).containsExactly(Verdict.PASS, Verdict.FAIL);
        assertThat(findings.getLast().kind()).isEqualTo(Kind.CONFIG);
        assertThat(findings.getLast().message()).contains("other-queue");
    }

    @Test
    void reportsOnlyThatTheEndpointIsUnavailable() {
        sqs.answers("GetQueueAttributes", StubSqs.error(503, "ServiceUnavailable"));

        assertThat(check().getLast())
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.TRANSIENT))
                .satisfies(finding -> assertThat(finding.subject()).isEqualTo("queue endpoint"));
    }

    @Test
    void reportsSettingsThatCannotBeRead() {
        assertThat(Queues.check(TestSettings.queue("a queue"), StubSqs.Keys.MADE_UP, false))
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.CONFIG));
    }

    @Test
    void neverShowsAKey() {
        assertThat(check().toString()).doesNotContainIgnoringCase("canary");
    }

    @ParameterizedTest
    @CsvSource({"29, WARN", "30, PASS", "43199, PASS", "43200, WARN"})
    void warnsOfOddVisibility(long seconds, Verdict verdict) {
        assertThat(QueueChecks.visibility(Duration.ofSeconds(seconds)).verdict())
                .isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"86399, WARN", "86400, PASS", ", PASS"})
    void warnsOfShortRetention(@Nullable Long seconds, Verdict verdict) {
        Duration retention = seconds == null ? null : Duration.ofSeconds(seconds);

        assertThat(QueueChecks.retention(retention).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"4, WARN", "5, PASS", ", WARN"})
    void warnsOfMissingOrHastyRedrive(@Nullable Integer receives, Verdict verdict) {
        assertThat(QueueChecks.redrive(queue(false, receives)).verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "false, , WARN, no redrive policy",
        "true, , WARN, no redrive policy",
        "true, 5, WARN, holds up its whole group",
        "false, 5, PASS, dlq"
    })
    void warnsOfRejectsThatStayOnTheQueueOrHoldUpAGroup(
            boolean fifo, @Nullable Integer receives, Verdict verdict, String message) {
        assertThat(QueueChecks.rejectsLeft(queue(fifo, receives))).satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(verdict);
            assertThat(finding.message()).contains(message);
        });
    }

    @Test
    void looksAtRejectsOnlyWhereTheyAreLeftToTheQueue() {
        assertThat(check()).extracting(Finding::subject).doesNotContain("sink.reject: dlq");
        assertThat(Queues.check(sqs.settings(), StubSqs.Keys.MADE_UP, true))
                .extracting(Finding::subject)
                .contains("sink.reject: dlq");
    }

    private static QueueAttributes queue(boolean fifo, @Nullable Integer receives) {
        return new QueueAttributes(
                null,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                fifo,
                "none",
                receives == null ? null : new DeadLetters("arn:aws:sqs:r:1:dlq", receives),
                new Depth(0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"-3600, WARN", "-61, WARN", "-60, PASS", "0, PASS", "61, WARN", "3600, WARN"})
    void comparesTheClockWithTheirs(long aheadSeconds, Verdict verdict) {
        Clock ours = Clock.fixed(Instant.parse("2026-11-21T10:00:00Z").plusSeconds(aheadSeconds), ZoneOffset.UTC);

        try (SqsConnection connection = sqs.connection()) {
            assertThat(new QueueChecks(connection, false, ours).skew("Sat, 21 Nov 2026 10:00:00 GMT"))
                    .get()
                    .extracting(Finding::verdict)
                    .isEqualTo(verdict);
        }
    }

    private List<Finding> check() {
        return Queues.check(sqs.settings(), StubSqs.Keys.MADE_UP, false);
    }
}
