package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.places;
import static dev.sluice.postgres.Batches.record;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault matrix, rows 12 and 13. */
class RefusedRowsIT {

    private static final int BAD = 7;

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(8_000), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final PostgresSink sink;

    RefusedRowsIT() {
        new TargetTable(spec).createIfMissing(database, null);
        sink = PostgresSink.open(database, spec, Duration.ofDays(14));
    }

    @AfterEach
    void close() {
        sink.close();
        database.close();
    }

    /** Every statement of any kind, as the server logs them, beyond those of a batch without a culprit. */
    @Test
    void quarantinesOneInThousandWithinTheBoundOfStatements() {
        refuseSeven();
        testDatabase
                .administrator()
                .execute("CREATE ROLE counted SUPERUSER LOGIN; ALTER ROLE counted SET log_statement = 'all'");
        long ofGood;
        long ofOneBad;
        List<Settlement> settlements;
        try (Database counted = Database.open(testDatabase.as("counted"), 1)) {
            PostgresSink countedSink = PostgresSink.open(counted, spec, Duration.ofDays(14));
            countedSink.close(); // ends the upkeep, whose statements are none of a batch
            // The pool opens its second connection in the background.
            await().atMost(Duration.ofSeconds(60)).until(() -> testDatabase
                    .administrator()
                    .query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'counted' AND state = 'idle'")
                    .contains("2"));
            long start = statementsLogged();
            countedSink.store(rows(numbers(1_000, 100)));
            ofGood = statementsLogged() - start;
            testDatabase.execute("TRUNCATE events, sluice.ledger");
            settlements = countedSink.store(rows(numbers(1_000, BAD, 617)));
            ofOneBad = statementsLogged() - start - ofGood;
        }
        assertThat(places(settlements, Settlement.QUARANTINED)).containsExactly(617);
        assertThat(places(settlements, Settlement.STORED)).hasSize(999);
        assertThat(testDatabase.count("events")).isEqualTo(999);
        assertThat(testDatabase.count("sluice.ledger")).isEqualTo(1_000);
        assertThat(quarantined()).containsExactly("refused-by-database 23514 no_seven m617");
        assertThat(ofGood).isPositive();
        assertThat(ofOneBad - ofGood).isBetween(4L, (long) (2 * Math.log(1_000) / Math.log(2) + 2));
    }

    @Test
    void quarantinesCulpritAtEachPlaceOfBatch() {
        refuseSeven();
        for (int place = 0; place < 9; place++) {
            testDatabase.execute("TRUNCATE events, sluice.ledger, sluice.quarantine");
            List<Settlement> settlements = sink.store(rows(numbers(9, BAD, place)));
            assertThat(places(settlements, Settlement.QUARANTINED)).containsExactly(place);
            assertThat(testDatabase.count("events")).isEqualTo(8);
            assertThat(quarantined()).containsExactly("refused-by-database 23514 no_seven m" + place);
        }
    }

    @Test
    void quarantinesTwoCulpritsAndFindsAllOfThemDuplicatesLater() {
        refuseSeven();
        List<MappedRecord> batch = rows(numbers(100, BAD, 3, 99));
        assertThat(places(sink.store(batch), Settlement.QUARANTINED)).containsExactly(3, 99);
        assertThat(testDatabase.count("events")).isEqualTo(98);
        assertThat(sink.store(batch)).containsOnly(Settlement.DUPLICATE);
        assertThat(testDatabase.count("sluice.quarantine")).isEqualTo(2);
    }

    @Test
    void quarantinesAllWhenAllAreRefused() {
        refuseSeven();
        assertThat(sink.store(rows(numbers(5, BAD, 0, 1, 2, 3, 4)))).containsOnly(Settlement.QUARANTINED);
        assertThat(testDatabase.count("events")).isZero();
        assertThat(testDatabase.count("sluice.quarantine")).isEqualTo(5);
    }

    @Test
    void quarantinesRejectsOfBothKindsAndStoresRowsOfRedelivery() {
        refuseSeven();
        sink.store(List.of(record("known", 1, TestOutcomes.row("row", 1))));
        List<Settlement> settlements = sink.store(List.of(
                record("known", 2, TestOutcomes.row("row", 1)),
                record("a", 1, TestOutcomes.rejection(Reason.INVALID_IP, "c0", "a", "a")),
                record("b", 2, TestOutcomes.row("row", BAD)),
                record("c", 1, TestOutcomes.row("row", 3))));
        assertThat(settlements)
                .containsExactly(
                        Settlement.DUPLICATE, Settlement.QUARANTINED, Settlement.QUARANTINED, Settlement.STORED);
        assertThat(quarantined()).containsExactly("invalid-ip null null a", "refused-by-database 23514 no_seven b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "23505 | ours_is_unique | CREATE UNIQUE INDEX ours_is_unique ON events (c1); INSERT INTO events VALUES ('', 7)",
                "23503 | known | CREATE TABLE known (n integer PRIMARY KEY); INSERT INTO known SELECT n FROM"
                        + " generate_series(100, 108) n; ALTER TABLE events ADD CONSTRAINT known FOREIGN KEY (c1) REFERENCES known",
                "23505 | late | ALTER TABLE events ADD CONSTRAINT late UNIQUE (c1) DEFERRABLE INITIALLY DEFERRED;"
                        + " INSERT INTO events VALUES ('', 7)",
                "P0001 | null | CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.c1 = 7 THEN RAISE"
                        + " 'canary %', NEW.c0; END IF; RETURN NEW; END $$; CREATE TRIGGER t AFTER INSERT ON events"
                        + " FOR EACH ROW EXECUTE FUNCTION refuse()",
                "AB123 | null | CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.c1 = 7 THEN RAISE"
                        + " 'canary' USING ERRCODE = 'AB123'; END IF; RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON events"
                        + " FOR EACH ROW EXECUTE FUNCTION refuse()",
                "22012 | null | CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.c0 = 1 / (NEW.c1 - 7);"
                        + " RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()"
            })
    void isolatesWhateverTheTablesOwnerSetUp(String state, String constraint, String setUp) {
        testDatabase.execute(setUp);
        long before = testDatabase.count("events");
        List<Settlement> settlements = sink.store(rows(numbers(9, BAD, 4)));
        assertThat(places(settlements, Settlement.QUARANTINED)).containsExactly(4);
        assertThat(testDatabase.count("events")).isEqualTo(before + 8);
        assertThat(quarantined()).containsExactly("refused-by-database " + state + " " + constraint + " m4");
    }

    @Test
    void isolatesValueTooWideForIndex() {
        testDatabase.execute("CREATE INDEX wide ON events (c0)");
        List<Settlement> settlements = sink.store(
                List.of(record("a", 1, TestOutcomes.row(noise(8_000), 1)), record("b", 1, TestOutcomes.row("b", 2))));
        assertThat(settlements).containsExactly(Settlement.QUARANTINED, Settlement.STORED);
        assertThat(quarantined()).containsExactly("refused-by-database 54000 wide a");
    }

    @Test
    void blamesNoRowWhenStatementIsRefusedOnlyAsAWhole() {
        testDatabase.execute("CREATE FUNCTION few() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF (SELECT count(*) FROM added) > 4 THEN RAISE 'too many'; END IF; RETURN NULL; END $$;"
                + " CREATE TRIGGER few AFTER INSERT ON events REFERENCING NEW TABLE AS added"
                + " FOR EACH STATEMENT EXECUTE FUNCTION few()");
        assertThat(sink.store(rows(numbers(9, BAD)))).containsOnly(Settlement.STORED);
        assertThat(testDatabase.count("events")).isEqualTo(9);
    }

    @Test
    void storesNothingWhenQuarantineRefusesTheCulprit() {
        refuseSeven();
        testDatabase.execute("ALTER TABLE sluice.quarantine ADD CONSTRAINT closed CHECK (reason = 'none')");
        List<MappedRecord> batch = rows(numbers(9, BAD, 4));
        assertThatThrownBy(() -> sink.store(batch))
                .isInstanceOfSatisfying(
                        InfrastructureException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TRANSIENT))
                .hasMessageContaining("closed")
                .hasNoCause();
        assertThat(testDatabase.count("events")).isZero();
        assertThat(testDatabase.count("sluice.ledger")).isZero();
        testDatabase.execute("ALTER TABLE sluice.quarantine DROP CONSTRAINT closed");
        assertThat(places(sink.store(batch), Settlement.STORED)).hasSize(8);
    }

    private void refuseSeven() {
        testDatabase.execute("ALTER TABLE events ADD CONSTRAINT no_seven CHECK (c1 <> 7)");
    }

    /** What docs/operate.md says of the server's log, and how to keep it out. */
    @Test
    void serversLogShowsRefusedRowsUnlessItIsTerse() {
        refuseSeven();
        testDatabase
                .administrator()
                .execute("CREATE ROLE as_installed SUPERUSER LOGIN;"
                        + " ALTER ROLE as_installed SET log_error_verbosity = 'default'");
        try (Database asInstalled = Database.open(testDatabase.as("as_installed"), 1)) {
            storeRefused(asInstalled, "canary-loud");
        }
        storeRefused(database, "canary-terse"); // the embedded server is set so
        assertThat(logged("canary-loud")).isPositive();
        assertThat(logged("canary-terse")).isZero();
    }

    private void storeRefused(Database through, String text) {
        try (PostgresSink storing = PostgresSink.open(through, spec, Duration.ofDays(14))) {
            assertThat(storing.store(List.of(record(text, 1, TestOutcomes.row(text, BAD)))))
                    .containsExactly(Settlement.QUARANTINED);
        }
    }

    private long logged(String text) {
        return Long.parseLong(testDatabase
                .administrator()
                .query("SELECT count(*) FROM regexp_matches(pg_read_file('server.log'), '" + text + "', 'g')")
                .getFirst());
    }

    private long statementsLogged() {
        return Long.parseLong(testDatabase
                .administrator()
                .query("SELECT count(*) FROM regexp_matches(pg_read_file('server.log'),"
                        + " 'LOG:  (statement|execute [^:]+): ', 'g')")
                .getFirst());
    }

    private List<String> quarantined() {
        return testDatabase.query("SELECT concat_ws(' ', reason, coalesce(sqlstate, 'null'),"
                + " coalesce(constraint_name, 'null'), message_id) FROM sluice.quarantine ORDER BY message_id");
    }

    /** Text that the server cannot compress below an index page's limit. */
    private static String noise(int length) {
        return new java.util.Random(42)
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
