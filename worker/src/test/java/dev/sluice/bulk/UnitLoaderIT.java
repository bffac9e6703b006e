package dev.sluice.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Pipelines;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a unit that fails is tried again: one file of three chunks, on a store that fails as each test says. */
class UnitLoaderIT {

    private static final SourceFile FILE = new SourceFile("/archive/a.ndjson", 100, "1", Instant.EPOCH);

    /** What {@link UnitTransaction} holds in memory at once. */
    private static final int CHUNK = 5_000;

    private static final int LINES = 3 * CHUNK;

    private final PipelineSpec spec = Pipelines.of(ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final List<String> heard = new ArrayList<>();
    private final Deque<Try> tries = new ArrayDeque<>();
    private int opened;
    private long nanos;

    UnitLoaderIT() {
        new TargetTable(spec).createIfMissing(database, null);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /**
     * @param afterLine before which line the store fails; the last line's number for a try that succeeds
     * @param minutes how long it takes, by the clock of outages
     */
    private record Try(int afterLine, long minutes) {

        private static final Try WHOLE = new Try(LINES, 0);
    }

    @Test
    void aLongLoadThatMeetsAnOutageIsTriedAgain() throws UnreadableFileException {
        tries.add(new Try(LINES - 1, 60));
        tries.add(Try.WHOLE);

        assertThat(load().counts().stored()).isEqualTo(LINES);

        assertThat(heard).singleElement().asString().contains("; trying again");
        assertThat(testDatabase.count("events")).isEqualTo(LINES);
    }

    @Test
    void anOutageIsOverWhenAChunkIsWritten() throws UnreadableFileException {
        tries.add(new Try(LINES - 1, 4));
        tries.add(new Try(0, 4));
        tries.add(new Try(CHUNK + 1, 4));
        tries.add(new Try(0, 4));
        tries.add(Try.WHOLE);

        assertThat(load().counts().stored()).isEqualTo(LINES);

        assertThat(heard).as("outages that were reported").hasSize(2);
    }

    @Test
    void anOutageOfMoreThanFiveMinutesEndsIt() {
        tries.add(new Try(CHUNK + 1, 60));
        tries.add(new Try(0, 3));
        tries.add(new Try(0, 3));
        tries.add(Try.WHOLE);

        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(InfrastructureException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.TRANSIENT));

        assertThat(opened).isEqualTo(3);
        assertThat(testDatabase.count("events")).isZero();
    }

    @Test
    void aPlaceThatFailsEachTimeIsNotTriedForEver() {
        for (int i = 0; i < 100; i++) {
            tries.add(new Try(CHUNK + 1, 1));
        }

        assertThatThrownBy(this::load).isInstanceOf(InfrastructureException.class);

        assertThat(opened)
                .as("the first got further than any before; four more did not")
                .isEqualTo(5);
    }

    private UnitResult load() throws UnreadableFileException {
        BulkDataset dataset = new BulkDataset(spec.name(), "test", 1_000, null);
        Plan plan = new Planner(database).plan(dataset, List.of(FILE));
        UnitLoader loader = new UnitLoader(
                database,
                spec,
                dataset,
                plan.ledger(),
                unit -> new FailingRecords(tries.remove()),
                Mappers.compile(spec, Keysets.ephemeral(Map.of())),
                new ShutdownSignal(),
                heard::add,
                new RetryRule(Duration.ofMinutes(5), 5, Duration.ofMillis(2), () -> nanos));
        return loader.load(plan.pending().get(0), true);
    }

    private final class FailingRecords implements UnitRecords {

        private final Try planned;
        private int line;

        FailingRecords(Try planned) {
            this.planned = planned;
            opened++;
        }

        @Override
        public byte @Nullable [] next() throws IOException {
            if (line == planned.afterLine) {
                nanos += Duration.ofMinutes(planned.minutes).toNanos();
                if (line < LINES) {
                    throw new IOException("the store fails");
                }
                return null;
            }
            line++;
            return ("{\"c0\":" + line + "}").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long position() {
            return line;
        }

        @Override
        public long count() {
            return line;
        }

        @Override
        public void close() {}
    }
}
