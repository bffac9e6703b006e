package dev.sluice.postgres;

import static dev.sluice.postgres.Batches.numbers;
import static dev.sluice.postgres.Batches.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.pipeline.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerUpkeepIT {

    private final PipelineSpec spec = Pipelines.of(new ColumnType.Varchar(20), ColumnType.Simple.INTEGER);
    private final TestDatabase testDatabase = TestDatabase.migrated();
    private final Database database = testDatabase.open();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final SettableClock clock = new SettableClock();

    LedgerUpkeepIT() {
        new TargetTable(spec).createIfMissing(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void dropsDaysThatAreOlderThanRetentionAtStart() {
        testDatabase.query("SELECT sluice.ledger_ensure('" + today.minusDays(30) + "', '" + today + "')");
        testDatabase.execute("INSERT INTO sluice.ledger VALUES ('" + today.minusDays(20)
                + " 12:00Z', gen_random_uuid(), 0), ('2001-01-01Z', gen_random_uuid(), 0), ('" + today.minusDays(4)
                + " 00:00Z', gen_random_uuid(), 0)");
        PostgresSink.open(database, spec, Duration.ofDays(4), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
        assertThat(testDatabase.count("sluice.ledger")).isOne();
    }

    @Test
    void keepsFourteenDaysAndTwoWhenRetentionIsNotKnown() {
        PostgresSink.open(database, spec);
        assertThat(partitions()).hasSize(16 + 1 + 7).startsWith(partition(today.minusDays(16)));
    }

    @Test
    void makesAndDropsDaysWhenTheDayChanges() {
        clock.now = Instant.now().minus(Duration.ofDays(3));
        PostgresSink sink = PostgresSink.open(database, spec, Duration.ofDays(4), clock);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(9)));
        clock.now = Instant.now();
        assertThat(sink.store(rows(numbers(3, 0)))).containsOnly(Settlement.STORED);
        assertThat(partitions().getFirst()).isEqualTo(partition(today.minusDays(6)));
        assertThat(partitions().getLast()).isEqualTo(partition(today.plusDays(7)));
    }

    @Test
    void neverForgetsYesterday() {
        assertThatThrownBy(() -> testDatabase.query("SELECT sluice.ledger_prune('" + today + "')"))
                .hasMessageContaining("never pruned");
    }

    private List<String> partitions() {
        return testDatabase.query("SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
                + " WHERE inhparent = 'sluice.ledger'::regclass AND relname <> 'ledger_default' ORDER BY 1");
    }

    private static String partition(LocalDate day) {
        return "ledger_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
