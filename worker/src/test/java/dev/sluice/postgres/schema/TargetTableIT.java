package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.DatabaseSettings;
import dev.sluice.config.TestSettings;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.Pipelines;
import dev.sluice.postgres.PostgresSink;
import dev.sluice.postgres.TableReader;
import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTableIT {

    private final PipelineSpec spec = Pipelines.of(List.of(
            Pipelines.column("name", new ColumnType.Varchar(8), false),
            Pipelines.column("number", ColumnType.Simple.INTEGER, true),
            Pipelines.column("amount", new ColumnType.Numeric(6, 2), false)));
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final TargetTable table = new TargetTable(spec);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void createsTableAsSpecifiedOnce() {
        assertThat(table.createIfMissing(database, null)).isTrue();
        assertThat(table.createIfMissing(database, null)).isFalse();
        assertThat(table.differences(database)).isEmpty();
        assertThat(testDatabase.query("SELECT attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull"
                        + " FROM pg_attribute WHERE attrelid = 'events'::regclass AND attnum > 0 ORDER BY attnum"))
                .containsExactly(
                        "name character varying(8) false", "number integer false", "amount numeric(6,2) false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name text, number bigint, amount numeric | ",
                "id serial, name varchar(9), number int NOT NULL, amount numeric(8,4) | ",
                "name varchar, number int, amount numeric(6,2), extra text NOT NULL DEFAULT '' | ",
                "name varchar(8), number int | amount of table events is missing",
                "name varchar(7), number int, amount numeric(6,2) | character varying(7)",
                "name char(8), number int, amount numeric(6,2) | character(8)",
                "name text, number smallint, amount numeric(6,2) | smallint",
                "name text, number int, amount numeric(6,3) | is numeric(6,3), which does not take every numeric(6,2)",
                "name text, number int, amount numeric(6,1) | numeric(6,1)",
                "name text, number int, amount real | real",
                "name text NOT NULL, number int, amount numeric | the pipeline may leave it null",
                "name text, number int, amount numeric, extra text NOT NULL | the pipeline does not fill it",
                "name text, other int, number int GENERATED ALWAYS AS (other) STORED, amount numeric | generated",
            })
    void tellsWhatDoesNotFit(String columns, String problem) {
        testDatabase.execute("CREATE TABLE events (" + columns + ")");
        List<Finding> problems = table.differences(database);
        if (problem == null) {
            assertThat(problems).isEmpty();
            return;
        }
        assertThat(problems).singleElement().satisfies(found -> assertThat(found.message())
                .contains(problem));
        assertThatThrownBy(() -> PostgresSink.open(database, spec, Duration.ofDays(14)))
                .isInstanceOf(InfrastructureException.class);
    }

    @Test
    void keepsTableOutOfOurSchemaForUserOfThatName() {
        assertThat(testDatabase.address().user()).isEqualTo("sluice");
        table.createIfMissing(database, null);
        assertThat(testDatabase.query("SELECT schemaname FROM pg_tables WHERE tablename = 'events'"))
                .containsExactly("public");
    }

    @Test
    void refusesView() {
        testDatabase.execute("CREATE VIEW events AS SELECT ''::text AS name, 1 AS number, 1.0::numeric AS amount");
        assertThat(table.differences(database)).first().satisfies(found -> assertThat(found.message())
                .contains("not an ordinary table"));
    }

    @Test
    void tellsWhichGrantsAreMissing() {
        table.createIfMissing(database, null);
        String role = "writer_" + testDatabase.address().database();
        testDatabase.execute("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA sluice TO " + role
                + "; GRANT EXECUTE ON FUNCTION sluice.schema_version() TO " + role);
        List<Finding> findings = new DatabaseChecks(testDatabase.as(role), spec, 2).check();
        assertThat(findings)
                .filteredOn(finding -> finding.verdict() == Finding.Verdict.FAIL)
                .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(InfrastructureException.Kind.NOT_PERMITTED))
                .extracting(Finding::subject)
                .contains("database privileges", "target table");
    }

    @Test
    void passesAllChecksWhenRunWouldWork() {
        table.createIfMissing(database, null);
        assertThat(new DatabaseChecks(testDatabase.address(), spec, 2).check())
                .extracting(Finding::verdict)
                .hasSize(11)
                .containsOnly(Finding.Verdict.PASS);
    }

    @Test
    void warnsOfClockAndConnections() {
        table.createIfMissing(database, null);
        Clock late = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-1));
        assertThat(new DatabaseChecks(testDatabase.address(), spec, 10_000, late).check())
                .filteredOn(finding -> finding.verdict() == Finding.Verdict.WARN)
                .extracting(Finding::subject)
                .containsExactly("database clock", "database connections");
    }

    @Test
    void failsChecksOnEmptyDatabaseAndStopsAtMissingServer() {
        assertThat(new DatabaseChecks(TestDatabase.create().address(), spec, 2).check())
                .filteredOn(finding -> finding.verdict() == Finding.Verdict.FAIL)
                .extracting(Finding::subject)
                .containsExactly("schema sluice", "target table");
        DatabaseSettings nobody = TestSettings.database("postgresql://127.0.0.1:1");
        assertThat(new DatabaseChecks(nobody, spec, 2).check())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(InfrastructureException.Kind.TRANSIENT));
    }

    @Test
    void readsRowsAndSharedValues() {
        table.createIfMissing(database, null);
        testDatabase.execute(
                "INSERT INTO events VALUES ('a', 1, 1.5), ('a', 2, NULL), ('b', 3, 1), ('b', 3, 1), ('c', 4, 1)");
        TableReader reader = new TableReader(database, spec);
        assertThat(reader.size().rows()).isEqualTo(5);
        assertThat(reader.show(2).rows()).hasSize(2);
        assertThat(reader.show(9).rows()).anySatisfy(row -> assertThat(row).containsExactly("a", "2", null));
        assertThat(reader.show(0).columns()).contains(new TableReader.Header("name", "varchar(8)"));
        assertThat(reader.duplicates("name", null, 9, 1, () -> {}))
                .containsExactly(new TableReader.Shared("a", 2, null), new TableReader.Shared("b", 2, null));
        assertThat(reader.duplicates("name", "number", 9, 1, () -> {}))
                .containsExactly(new TableReader.Shared("a", 2, 2L));
        assertThatThrownBy(() -> reader.duplicates("x", null, 9, 1, () -> {})).hasMessageContaining("no column");
    }

    /** Held against the plain way to ask, whatever the number of parts: NULLs count nowhere, ties come in one order. */
    @Test
    void findsTheSameSharedValuesInPartsAsAtOnce() {
        table.createIfMissing(database, null);
        testDatabase.execute("SELECT setseed(0.5); INSERT INTO events SELECT CASE WHEN random() < 0.9 THEN"
                + " chr(65 + (random() * 57)::integer) || (random() * 4)::integer END, CASE WHEN random() < 0.9 THEN"
                + " (random() * 9)::integer END, 1 FROM generate_series(1, 1000)");
        List<TableReader.Shared> plain = shared("count(DISTINCT number)");
        List<TableReader.Shared> plainRows = shared("0::bigint");
        TableReader reader = new TableReader(database, spec);

        for (int parts : new int[] {1, 2, 7}) {
            AtomicInteger done = new AtomicInteger();
            assertThat(reader.duplicates("name", "number", 1_000, parts, done::incrementAndGet))
                    .containsExactlyElementsOf(plain);
            assertThat(done).hasValue(parts);
            assertThat(reader.duplicates("name", "number", 9, parts, () -> {})).isEqualTo(plain.subList(0, 9));
            assertThat(reader.duplicates("name", null, 1_000, parts, () -> {})).containsExactlyElementsOf(plainRows);
        }
        assertThat(plain).hasSizeGreaterThan(50);
    }

    private List<TableReader.Shared> shared(String distinct) {
        boolean byRows = distinct.startsWith("0");
        return testDatabase
                .query("SELECT name || ' ' || count(*) || ' ' || " + distinct + " FROM events WHERE name IS NOT NULL"
                        + " GROUP BY name HAVING " + (byRows ? "count(*)" : distinct) + " > 1 ORDER BY " + distinct
                        + " DESC, count(*) DESC, name COLLATE \"C\"")
                .stream()
                .map(row -> row.split(" "))
                .map(row ->
                        new TableReader.Shared(row[0], Long.parseLong(row[1]), byRows ? null : Long.valueOf(row[2])))
                .toList();
    }

    @Test
    void readsALargeTableInMoreParts() {
        assertThat(LongStream.of(0, 3_999_999, 4_000_000, 10_000_000, 1_000_000_000)
                        .map(TableReader::parts))
                .containsExactly(1L, 1L, 2L, 3L, 16L);
    }
}
