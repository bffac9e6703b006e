package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.TableReader.RowSample;
import dev.sluice.postgres.db.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of about 120 blocks, read five at a time; every hundredth row is a wanted one. */
class TableReaderIT {

    private static final int RANGE = 5;
    private static final int ROWS = 2_000;
    private static final int WANTED = 20;

    private final List<String> heard = new ArrayList<>();
    private TestDatabase testDatabase;
    private Database database;
    private TableReader reader;

    @BeforeEach
    void fill() {
        testDatabase = TestDatabase.create();
        testDatabase.execute("CREATE TABLE events (name text, number integer);"
                + " INSERT INTO events SELECT CASE WHEN i % 100 = 0 THEN 'wanted' ELSE repeat('x', 450) END, i"
                + " FROM generate_series(1, " + ROWS + ") AS i");
        PipelineSpec spec = Pipelines.of(List.of(
                Pipelines.column("name", ColumnType.Simple.TEXT, false),
                Pipelines.column("number", ColumnType.Simple.INTEGER, true)));
        database = testDatabase.open();
        reader = new TableReader(database, spec, RANGE);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void findsEachRowOnceRangeByRangeToTheEnd() {
        RowSample found = find(1_000);

        assertThat(numbers(found)).hasSize(WANTED).doesNotHaveDuplicates().contains(100, ROWS);
        String blocks = heard.getLast().replaceAll("/.*", "");
        assertThat(heard).hasSizeGreaterThan(9).last().isEqualTo(blocks + "/" + blocks);
    }

    @Test
    void readsNoFurtherThanTheLimit() {
        assertThat(numbers(find(3))).containsExactlyInAnyOrder(100, 200, 300);
        assertThat(heard).hasSizeLessThan(5);
        assertThat(numbers(find(0))).isEmpty();
    }

    @Test
    void asksAnIndexOnce() {
        testDatabase.execute("CREATE INDEX ON events (name); ANALYZE events");

        assertThat(numbers(find(1_000))).hasSize(WANTED);
        assertThat(heard).isEmpty();
    }

    @Test
    void readsASmallTableAndPartitionsAtOnce() {
        testDatabase.execute("ALTER TABLE events RENAME TO part;"
                + " CREATE TABLE events (name text, number integer) PARTITION BY RANGE (number);"
                + " ALTER TABLE events ATTACH PARTITION part FOR VALUES FROM (0) TO (100000)");

        assertThat(numbers(find(1_000))).hasSize(WANTED);
        testDatabase.execute("TRUNCATE events");
        assertThat(numbers(find(1_000))).isEmpty();
        assertThat(heard).isEmpty();
    }

    private RowSample find(int limit) {
        return reader.find(
                Map.of("name", List.of("wanted", "other")), limit, (blocks, total) -> heard.add(blocks + "/" + total));
    }

    private static List<Integer> numbers(RowSample sample) {
        return sample.rows().stream().map(row -> Integer.valueOf(row.get(1))).toList();
    }
}
