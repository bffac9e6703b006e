package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.FieldCounts.ColumnCount;
import dev.sluice.mapping.FieldCounts.UnreadField;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.postgres.db.Connections;
import dev.sluice.postgres.schema.Migrations;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldCountTableIT {

    private final PipelineSpec spec = Pipelines.load("user-logins");
    private final TestDatabase server = TestDatabase.migrated();

    @Test
    void addsUpTheCountsOfADay() {
        FieldCountTable.add(server.address(), spec, counts(100, 93, new UnreadField("deviceType", 93)));
        FieldCountTable.add(server.address(), spec, counts(50, 1, new UnreadField("/a/b", 2)));

        SortedMap<LocalDate, FieldCounts> days = FieldCountTable.recent(server.address(), spec);

        assertThat(days).hasSize(1);
        FieldCounts today = Objects.requireNonNull(days.get(days.lastKey()));
        assertThat(today.records()).isEqualTo(150);
        assertThat(today.columns()).contains(new ColumnCount("device_type", "device_type", false, 94));
        assertThat(today.unread()).containsExactly(new UnreadField("/a/b", 2), new UnreadField("deviceType", 93));
    }

    @Test
    void keepsDaysApartAndDeletesThemAfter35() {
        FieldCountTable.add(server.address(), spec, counts(1, 0));
        server.execute("UPDATE sluice.field_count SET day = day - 36");
        FieldCountTable.add(server.address(), spec, counts(2, 0));
        server.execute("UPDATE sluice.field_count SET day = day - 2 WHERE day > current_date - 9");
        FieldCountTable.add(server.address(), spec, counts(4, 0));

        assertThat(FieldCountTable.recent(server.address(), spec).values().stream()
                        .map(FieldCounts::records))
                .containsExactly(2L, 4L);
        assertThat(server.count("sluice.field_count")).isEqualTo(2);
    }

    /** A login of a worker that somebody took over must not fill the disk. */
    @Test
    void takesAtMost2000NamesPerPipelineAndDayAndGoesOnCountingThose() {
        String names = "ARRAY(SELECT 'n' || i FROM generate_series(%d, %d) AS i)";
        String record = "SELECT sluice.fields_record('p', array_fill('unread'::text, ARRAY[1500]), " + names
                + ", array_fill(1::bigint, ARRAY[1500]))";
        for (int from = 0; from < 6_000; from += 1_500) {
            server.execute(record.formatted(from, from + 1_499));
        }
        server.execute(record.formatted(0, 1_499));

        assertThat(server.count("sluice.field_count")).isEqualTo(2_000);
        assertThat(server.query("SELECT count FROM sluice.field_count WHERE name = 'n7'"))
                .containsExactly("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL, '{}', '{}', '{}'",
                "'P', '{}', '{}', '{}'",
                "'p', '{absent}', '{}', '{}'",
                "'p', '{other}', '{n}', '{1}'",
                "'p', '{absent}', '{NULL}', '{1}'",
                "'p', '{absent}', '{n}', '{-1}'",
                "'p', '{absent}', '{n}', '{1000000000001}'",
                "'p', '{absent}', ARRAY[repeat('n', 1001)], '{1}'",
                "'p', '{absent}', ARRAY[E'a\\u001b[0m'], '{1}'",
                "'p', array_fill('absent'::text, ARRAY[2001]), array_fill('n'::text, ARRAY[2001]),"
                        + " array_fill(1::bigint, ARRAY[2001])",
            })
    void refusesWhatIsNotACount(String arguments) {
        assertThatThrownBy(() -> server.execute("SELECT sluice.fields_record(" + arguments + ")"))
                .hasStackTraceContaining("expected");
        assertThat(server.count("sluice.field_count")).isZero();
    }

    @Test
    void isAddedToASchemaOfVersion16() {
        TestDatabase older = TestDatabase.create();
        Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(Connections.forMigrations(older.address()))
                .locations("classpath:dev/sluice/postgres/migrations")
                .schemas("sluice")
                .defaultSchema("sluice")
                .table("schema_history")
                .placeholderReplacement(false)
                .target("16")
                .load()
                .migrate();

        assertThat(new Migrations(older.address()).run()).isPositive();

        assertThat(FieldCountTable.recent(older.address(), spec)).isEmpty();
    }

    private static FieldCounts counts(long records, long absent, UnreadField... unread) {
        return new FieldCounts(
                records,
                List.of(new ColumnCount("device_type", "device_type", false, absent)),
                List.of(unread),
                unread.length);
    }
}
