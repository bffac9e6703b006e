package dev.sluice.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mask.Masks;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.mask.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key is rotated while a worker stores 500 events a second, and the rewrap is killed three times. */
@Tag("chaos")
class RotationIT {

    private static final String FIELD = "user-logins.masked_ip";
    private static final int EVENTS = 40_000;
    private static final int PER_SECOND = 500;
    private static final int PART = 50;
    private static final int USERS_OF_AN_ADDRESS = 10;

    /** The first so many are stored before there is a second key: only rewrap brings them under it. */
    private static final int EARLY = 5_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void rotatesUnderLoadLosingNothing(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, 30)) {
            Instant began = Instant.now();
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> feed(rig));
            WorkerProcess worker = rig.run();
            await().atMost(PATIENCE).until(() -> early(rig, "true") == EARLY);
            KeysetFile keys = KeysetFile.at(rig.keysFile());
            KeyInfo added = keys.add(FIELD, false);
            WorkerProcess rolledOut = replace(rig, worker);
            keys.promote(added.id(), false);
            for (int kill = 0; kill < 3; kill++) {
                killOnceItHasBegun(rig, added);
                assertReadable(rig);
            }
            assertThat(under(rig, added)).as("killed before the end").isLessThan(rig.rows());
            WorkerProcess reloaded = replace(rig, rolledOut);
            WorkerProcess beside = rig.start("rewrap", "--output", "json");
            assertThat(beside.exitCode()).as(beside.output()).isZero();
            sender.join();
            double rate = 1_000.0
                    * sent.get()
                    / Duration.between(began, Instant.now()).toMillis();
            replace(rig, reloaded).signal("TERM");
            assertThat(rig.runUntilEmpty().exitCode()).isZero();

            WorkerProcess last = rig.start("rewrap", "--output", "json");
            assertThat(last.exitCode()).as(last.output()).isZero();

            System.out.println(
                    "rotation: " + sent + " events, " + Math.round(rate) + "/s\n" + beside.output() + last.output());
            assertThat(under(rig, added)).isEqualTo(EVENTS);
            assertReadable(rig);
            assertThat(rig.query("SELECT count(DISTINCT masked_ip) FROM public.user_logins"))
                    .containsExactly(Integer.toString(EVENTS / USERS_OF_AN_ADDRESS));
            assertThat(rig.query("SELECT action || ' ' || count(*) FROM sluice.audit GROUP BY action ORDER BY action"))
                    .containsExactly("rewrap-begin 5", "rewrap-end 2");
            rig.workers().forEach(WorkerProcess::exitCode);
            Checker.of(rig, EVENTS).check();
        }
    }

    /** Slowly enough that it cannot be done before it is killed. */
    private static void killOnceItHasBegun(Rig rig, KeyInfo key) {
        long before = early(rig, isUnder(key));
        WorkerProcess rewrap = rig.start("rewrap", "--rows-per-second", "500", "--parallel", "2");
        await().atMost(PATIENCE).until(() -> !rewrap.isAlive() || early(rig, isUnder(key)) > before);
        assertThat(rewrap.isAlive()).as(rewrap.output()).isTrue();
        rewrap.signal("KILL");
        assertThat(rewrap.exitCode()).isEqualTo(137);
    }

    /** As a rolling restart does it: the new one first, which has read its keys by the time it names its queue. */
    private static WorkerProcess replace(Rig rig, WorkerProcess worker) {
        WorkerProcess next = rig.run();
        await().atMost(PATIENCE).until(() -> next.output().contains("Pipeline user-logins: queue"));
        worker.signal("TERM");
        assertThat(worker.exitCode()).as(worker.output()).isZero();
        return next;
    }

    private void feed(Rig rig) {
        Instant began = Instant.now();
        for (int from = 0; from < EVENTS; from += PART) {
            long early = Duration.between(Instant.now(), began.plusMillis(1_000L * from / PER_SECOND))
                    .toMillis();
            if (early > 0) {
                await().pollDelay(Duration.ofMillis(early))
                        .atMost(Duration.ofMillis(early + 60_000))
                        .until(() -> true);
            }
            List<Rig.Event> part = new ArrayList<>();
            for (int user = from; user < from + PART; user++) {
                part.add(event(user));
            }
            rig.send(part);
            sent.addAndGet(PART);
        }
    }

    private static Rig.Event event(int user) {
        return new Rig.Event(
                "user-" + user,
                "{\"user_id\":\"user-" + user + "\",\"app_version\":\"2.3.0\",\"device_type\":\"android\",\"ip\":\""
                        + ip(user) + "\",\"locale\":\"RU\",\"device_id\":\"" + Rig.CANARY_DEVICE + "\"}");
    }

    private static String ip(int user) {
        int address = user / USERS_OF_AN_ADDRESS;
        return "198.18." + address / 250 + "." + address % 250;
    }

    private static void assertReadable(Rig rig) {
        PipelineSpec spec = Pipelines.load("user-logins");
        PipelineSpec.Column column = spec.columns().stream()
                .filter(candidate -> candidate.name().equals("masked_ip"))
                .findFirst()
                .orElseThrow();
        ReversibleMask mask = (ReversibleMask) Masks.of(
                Objects.requireNonNull(column.mask()),
                spec.name(),
                column.name(),
                KeysetFile.at(rig.keysFile()).read());
        assertThat(rig.query("SELECT substr(user_id, 6) || ' ' || masked_ip FROM public.user_logins"))
                .allMatch(row -> mask.recover(row.substring(row.indexOf(' ') + 1))
                        .equals(new Recovered.Clear(ip(Integer.parseInt(row.substring(0, row.indexOf(' ')))))));
    }

    private static long under(Rig rig, KeyInfo key) {
        return count(rig, isUnder(key));
    }

    private static long early(Rig rig, String condition) {
        return count(rig, "substr(user_id, 6)::integer < " + EARLY + " AND " + condition);
    }

    private static long count(Rig rig, String condition) {
        return Long.parseLong(rig.query("SELECT count(*) FROM public.user_logins WHERE " + condition)
                .getFirst());
    }

    private static String isUnder(KeyInfo key) {
        return Tokens.prefixes(key.id()).stream().collect(Collectors.joining("','", "left(masked_ip, 7) IN ('", "')"));
    }
}
