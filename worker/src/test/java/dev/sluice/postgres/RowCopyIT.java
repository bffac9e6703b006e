package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Row;
import dev.sluice.mapping.TestOutcomes;
import dev.sluice.pipeline.MappedRecord;
import dev.sluice.pipeline.Message;
import dev.sluice.pipeline.Settlement;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.TargetTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowCopyIT {

    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void storesTextsAsTheyAre() {
        assertThat(stored(new ColumnType.Varchar(3), "😀😀😀", "", " a ", "\t\n\\", null))
                .containsExactly("😀😀😀", "", " a ", "\t\n\\", "null");
    }

    @Test
    void storesJson() {
        assertThat(stored(ColumnType.Simple.JSONB, "{\"a\": [1, \"é\"]}", "null"))
                .containsExactly("{\"a\": [1, \"é\"]}", "null");
    }

    @Test
    void storesLeastAndGreatestNumbers() {
        assertThat(stored(ColumnType.Simple.INTEGER, Integer.MIN_VALUE, 0, Integer.MAX_VALUE))
                .containsExactly("-2147483648", "0", "2147483647");
        assertThat(stored(ColumnType.Simple.BIGINT, Long.MIN_VALUE, Long.MAX_VALUE))
                .containsExactly("-9223372036854775808", "9223372036854775807");
        assertThat(stored(ColumnType.Simple.BOOLEAN, true, false)).containsExactly("t", "f");
    }

    @Test
    void storesNumericsWithTheirScale() {
        String large = "9".repeat(990) + ".0123456789";
        assertThat(stored(
                        new ColumnType.Numeric(1000, 10),
                        new BigDecimal(large),
                        new BigDecimal("-1E+3"),
                        BigDecimal.ZERO,
                        new BigDecimal("-0.0000000001"),
                        new BigDecimal("10000.1")))
                .containsExactly(large, "-1000.0000000000", "0.0000000000", "-0.0000000001", "10000.1000000000");
    }

    @Test
    void storesDaysAndInstantsOfYears1To9999() {
        assertThat(stored(ColumnType.Simple.DATE, LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31)))
                .containsExactly("0001-01-01", "9999-12-31");
        assertThat(stored(
                        ColumnType.Simple.TIMESTAMPTZ,
                        Instant.parse("0001-01-01T00:00:00Z"),
                        Instant.parse("1999-12-31T23:59:59.999999Z"),
                        Instant.parse("9999-12-31T23:59:59.999999Z")))
                .containsExactly(
                        "0001-01-01 00:00:00+00", "1999-12-31 23:59:59.999999+00", "9999-12-31 23:59:59.999999+00");
    }

    @Test
    void storesUuids() {
        UUID highest = new UUID(-1, -1);
        assertThat(stored(ColumnType.Simple.UUID, new UUID(0, 0), highest))
                .containsExactly("00000000-0000-0000-0000-000000000000", highest.toString());
    }

    @Test
    void storesIntegerInBigintThatSomebodyMade() {
        testDatabase.execute("CREATE TABLE events (id serial, c0 bigint)");
        assertThat(stored(ColumnType.Simple.INTEGER, -1, Integer.MAX_VALUE)).containsExactly("-1", "2147483647");
    }

    @Test
    void takesChangedTypesForFaultAndNotForBadRow() {
        PipelineSpec spec = Pipelines.of(ColumnType.Simple.INTEGER);
        new TargetTable(spec).createIfMissing(database, null);
        try (PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(14))) {
            testDatabase.execute("ALTER TABLE events ALTER c0 TYPE bigint");
            assertThatThrownBy(() -> sink.store(List.of(record(TestOutcomes.row(1), 0))))
                    .isInstanceOfSatisfying(InfrastructureException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.TRANSIENT))
                    .hasMessageContaining("22P03");
        }
    }

    private List<String> stored(ColumnType type, @Nullable Object... values) {
        PipelineSpec spec = Pipelines.of(type);
        new TargetTable(spec).createIfMissing(database, null);
        List<MappedRecord> records = new ArrayList<>();
        Arrays.stream(values).forEach(value -> records.add(record(TestOutcomes.row(value), records.size())));
        try (PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(14))) {
            assertThat(sink.store(records)).containsOnly(Settlement.STORED);
        }
        List<String> read = testDatabase.query("SELECT c0 FROM events ORDER BY ctid");
        testDatabase.execute("TRUNCATE sluice.ledger; DROP TABLE events");
        return read;
    }

    private static MappedRecord record(Row row, int index) {
        return new MappedRecord(new Message("a", "r", Instant.EPOCH, 1, new byte[0]), index, row);
    }
}
