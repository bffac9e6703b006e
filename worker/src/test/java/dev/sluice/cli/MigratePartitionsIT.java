package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratePartitionsIT {

    private static final String EVENT =
            "{\"user_id\":\"u\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"192.0.2.1\",\"locale\":null,"
                    + "\"device_id\":\"d\",\"create_date\":%s}";

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
    }

    @Test
    void makesMonthsFromAFortnightAgoToThreeMonthsAhead() {
        assertThat(playground
                        .sluice("migrate", "--partition-by", "create_date")
                        .succeeded()
                        .lastLine())
                .isEqualTo("Table user_logins created, with monthly partitions by create_date.");
        assertThat(partitions())
                .startsWith("user_logins_" + month(today.minusDays(14)))
                .contains("user_logins_" + month(today))
                .endsWith("user_logins_" + month(today.plusMonths(3)), "user_logins_default");
        assertThat(playground
                        .sluice("migrate", "--partition-by", "create_date")
                        .succeeded()
                        .lastLine())
                .isEqualTo("Table user_logins already exists.");
        playground.sluice("migrate").succeeded();
        playground.sluice("doctor").succeeded();
    }

    @Test
    void refusesNoRowForItsDate() {
        playground.sluice("migrate", "--partition-by", "create_date").succeeded();
        playground.send(List.of(
                EVENT.formatted("\"" + today + "\""),
                EVENT.formatted("\"0001-01-01\""),
                EVENT.formatted("\"9999-12-31\""),
                EVENT.formatted("null")));
        assertThat(playground.drain().lastLine()).startsWith("received 4 = stored 4");
        assertThat(playground.count("user_logins")).isEqualTo(4);
        assertThat(playground.count("user_logins_default")).isEqualTo(2);
        assertThat(playground.count("user_logins_" + month(today))).isEqualTo(2);
        playground.sluice("show").succeeded();
        playground.sluice("duplicates").succeeded();
    }

    @Test
    void workerMakesTheMonthsThatAreMissing() {
        playground.sluice("migrate", "--partition-by", "create_date").succeeded();
        List<String> all = partitions();
        // What an owner may add must not keep the next month, and so the worker, from coming.
        playground.execute("ALTER TABLE user_logins ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY,"
                + " ADD CHECK (app_version >= 0); CREATE INDEX ON user_logins (user_id);"
                + "CREATE INDEX ON user_logins USING brin (create_date)");
        playground.execute("DROP TABLE user_logins_" + month(today) + ", user_logins_" + month(today.plusMonths(3)));
        playground.drain();
        assertThat(partitions()).isEqualTo(all);
    }

    @Test
    void leavesMonthToDefaultPartitionThatHoldsItsRows() {
        playground.sluice("migrate", "--partition-by", "create_date").succeeded();
        String last = month(today.plusMonths(3));
        playground.execute("DROP TABLE user_logins_" + last + "; INSERT INTO user_logins (create_date) VALUES ('"
                + today.plusMonths(3).withDayOfMonth(1) + "')");
        playground.drain();
        assertThat(partitions()).doesNotContain("user_logins_" + last);
        assertThat(playground.count("user_logins_default")).isOne();
    }

    @Test
    void neverAltersTableThatIsThere() {
        playground.sluice("migrate").succeeded();
        assertThat(playground.sluice("migrate", "--partition-by", "create_date").refused(ExitCode.CONFIG))
                .contains("user_logins exists and is not partitioned by create_date", "Rename it");
        assertThat(partitions()).isEmpty();
        playground.drain();
    }

    @Test
    void asksForADateOfThePipeline() {
        assertThat(playground.sluice("migrate", "--partition-by", "user_id").refused(ExitCode.USAGE))
                .contains("[create_date]");
        assertThat(playground.query("SELECT to_regclass('user_logins') IS NULL"))
                .containsExactly("t");
    }

    @Test
    void leavesPartitionsOfOthersAlone() {
        playground.sluice("migrate").succeeded();
        playground.execute("ALTER TABLE user_logins RENAME TO copied;"
                + "CREATE TABLE user_logins (LIKE copied) PARTITION BY RANGE (create_date);"
                + "CREATE TABLE years PARTITION OF user_logins FOR VALUES FROM ('2000-01-01') TO ('2020-01-01');"
                + "CREATE TABLE rest PARTITION OF user_logins DEFAULT;"
                + "INSERT INTO user_logins (create_date) VALUES ('2010-01-01')");
        playground.sluice("doctor").succeeded();
        playground.drain();
        assertThat(playground
                        .sluice("retain", "--older-than", "400d")
                        .succeeded()
                        .lastLine())
                .startsWith("1 row of create_date")
                .contains(" 0 partitions dropped");
        assertThat(partitions()).containsExactly("rest", "years");
    }

    private List<String> partitions() {
        return playground.query("SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
                + " WHERE inhparent = 'user_logins'::regclass ORDER BY 1");
    }

    private static String month(LocalDate day) {
        return day.toString().substring(0, 7).replace("-", "");
    }
}
