package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.faults.SqsProxy.Answer;
import dev.sluice.faults.SqsProxy.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose clock is far ahead of everybody else's. Needs libfaketime. */
@Tag("chaos")
class LedgerChaosIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** As old as messages that waited through an outage. */
    private static final Duration AGE = Duration.ofDays(5);

    private static final Pattern SENT = Pattern.compile("(\"SentTimestamp\":\")(\\d+)");

    @TempDir
    private Path folder;

    @Test
    void row37_clockDaysAheadForgetsNothing() {
        Optional<Path> library = FakeClock.library();
        assumeTrue(
                library.isPresent(), "libfaketime is not installed (package faketime): the row of clocks is skipped");
        try (Rig rig = Rig.open(folder, 10)) {
            rig.sqs().usually(SqsFaults.RECEIVE, LedgerChaosIT::aged);
            rig.send(5);
            WorkerProcess killed = rig.runInto("AFTER_COMMIT");
            assertThat(killed.exitCode()).as(killed.output()).isEqualTo(137);
            assertThat(rig.rows()).isEqualTo(5);
            rig.execute("INSERT INTO sluice.ledger VALUES ('2001-01-01Z', gen_random_uuid(), 0)");
            rig.sqs().on(SqsFaults.RECEIVE, SqsFaults.emptyReceive());

            WorkerProcess ahead = pruning(rig, new FakeClock(library.get(), folder.resolve("ahead"), "+13d"));
            rig.sqs().heal();
            await().atMost(PATIENCE).until(() -> rig.depth().stream().allMatch(count -> count == 0));
            ahead.signal("TERM");

            assertThat(ahead.exitCode()).as(ahead.output()).isZero();
            assertThat(ahead.summary().duplicates()).isEqualTo(5);
            Checker.of(rig, 5).check();
        }
    }

    /** One that has pruned; the library makes its start slow, so that it may have to be started again. */
    private static WorkerProcess pruning(Rig rig, FakeClock clock) {
        WorkerProcess worker = rig.runBy(clock);
        for (int starts = 1; !hasPruned(rig, worker) && starts < 5; starts++) {
            worker = rig.runBy(clock);
        }
        assertThat(worker.isAlive()).as(worker.output()).isTrue();
        return worker;
    }

    private static boolean hasPruned(Rig rig, WorkerProcess worker) {
        await().atMost(PATIENCE)
                .until(() -> !worker.isAlive()
                        || rig.query("SELECT 1 FROM sluice.ledger_default").isEmpty());
        return worker.isAlive();
    }

    private static Answer aged(Call call) throws IOException, InterruptedException {
        Answer real = call.pass();
        String body = SENT.matcher(real.body())
                .replaceAll(sent -> sent.group(1) + (Long.parseLong(sent.group(2)) - AGE.toMillis()));
        return new Answer(real.status(), body, real.broken());
    }
}
