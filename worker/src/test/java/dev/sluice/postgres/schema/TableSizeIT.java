package dev.sluice.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.postgres.TestDatabase;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of which nobody has made statistics. */
class TableSizeIT {

    /** Ten to a block. */
    private static final int ROWS = 40_000;

    private static final String ROW = "i, repeat('x', 700)";

    private TestDatabase testDatabase;
    private Database database;

    @BeforeEach
    void open() {
        testDatabase = TestDatabase.create();
        database = testDatabase.open();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void countsSmallTablesAndViews() {
        testDatabase.execute("CREATE TABLE small AS SELECT " + ROW + " FROM generate_series(1, 5000) AS i;"
                + " CREATE TABLE nothing (i integer); CREATE VIEW small_view AS SELECT * FROM small");

        assertThat(of("small").blocks()).isBetween(400L, 600L);
        assertThat(of("small").isExact()).isTrue();
        assertThat(of("small").rows()).isEqualTo(5_000);
        assertThat(of("nothing")).isEqualTo(new TableSize(0, true, 0));
        assertThat(of("small_view")).isEqualTo(new TableSize(5_000, true, 0));
        assertThat(sample("small_view", 100)).isEmpty();
    }

    @Test
    void estimatesLargeTablesFromAFewRows() {
        createLarge();

        long read = database.transact("read", connection -> {
            TableSize size = TableSize.of(connection, "public.large");
            assertThat(size.isExact()).isFalse();
            assertThat(size.rows()).isCloseTo(ROWS, within(ROWS / 3L));
            return Query.of(connection, "SELECT pg_stat_get_xact_tuples_returned('public.large'::regclass)")
                    .number();
        });

        assertThat(read).isLessThan(ROWS / 4);
    }

    @Test
    void addsUpPartitions() {
        createPartitioned();

        assertThat(of("parts")).satisfies(size -> {
            assertThat(size.isExact()).isFalse();
            assertThat(size.rows()).isCloseTo(ROWS, within(ROWS / 3L));
        });
    }

    /** The first rows would be the oldest. */
    @Test
    void samplesRowsFromAllOverTheTableAndItsPartitions() {
        createLarge();
        createPartitioned();

        for (String table : List.of("large", "parts")) {
            Set<Integer> tenths = new HashSet<>();
            List<String> rows = testDatabase.query("SELECT i FROM " + table + sample(table, 4_000) + " LIMIT 4000");
            rows.forEach(row -> tenths.add((Integer.parseInt(row) - 1) * 10 / ROWS));
            assertThat(rows).as(table).hasSize(4_000);
            assertThat(tenths).as(table).hasSize(10);
        }
        assertThat(sample("large", ROWS * 2)).isEmpty();
    }

    /** A block of narrow rows has hundreds: five blocks, each by chance, may be two. */
    @Test
    void aSampleOfNarrowRowsHasAsManyAsAskedFor() {
        testDatabase.execute("CREATE TABLE narrow AS SELECT i FROM generate_series(1, 400000) AS i");

        for (int turn = 0; turn < 20; turn++) {
            String sql = "SELECT i FROM narrow" + sample("narrow", 1_000) + " LIMIT 1000";
            assertThat(testDatabase.query(sql)).hasSize(1_000);
        }
    }

    private void createLarge() {
        testDatabase.execute("CREATE TABLE large AS SELECT " + ROW + " FROM generate_series(1, " + ROWS + ") AS i(i)");
    }

    private void createPartitioned() {
        testDatabase.execute("CREATE TABLE parts (i integer, filler text) PARTITION BY RANGE (i);"
                + " CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (" + ROWS / 2 + ");"
                + " CREATE TABLE parts_2 PARTITION OF parts DEFAULT;"
                + " INSERT INTO parts SELECT " + ROW + " FROM generate_series(1, " + ROWS + ") AS i(i)");
    }

    private TableSize of(String table) {
        return database.transact("read", connection -> TableSize.of(connection, "public." + table));
    }

    private String sample(String table, int limit) {
        return database.transact("read", connection -> TableSize.sample(connection, "public." + table, limit));
    }
}
