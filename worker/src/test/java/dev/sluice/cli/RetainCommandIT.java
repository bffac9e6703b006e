package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetainCommandIT {

    private static final String EVENT =
            "{\"user_id\":\"u\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"192.0.2.1\",\"locale\":null,"
                    + "\"device_id\":\"d\",\"create_date\":\"%s\"}";

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final LocalDate cut = today.minusDays(400);

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
    }

    @Test
    void deletesRowsOfOldDaysOverManyPagesAndKeepsTheRest() {
        playground.sluice("migrate").succeeded();
        playground.execute("INSERT INTO user_logins (user_id, create_date, device_type)" + " SELECT i, date '" + cut
                + "' - 5 + i % 10, repeat('x', 32) FROM generate_series(1, 200000) AS i");
        playground.execute("INSERT INTO user_logins (user_id) VALUES ('undated'), ('undated')");
        assertThat(Long.parseLong(playground
                        .query("SELECT pg_relation_size('user_logins') / 8192")
                        .getFirst()))
                .isGreaterThan(1_000);

        assertThat(retain("400d", "--dry-run"))
                .isEqualTo(
                        "100000 rows of create_date before " + cut + " would be deleted; 2 rows without a date stay.");
        assertThat(playground.count("user_logins")).isEqualTo(200_002);
        assertThat(playground.count("sluice.audit")).isZero();

        assertThat(retain("400d"))
                .isEqualTo("100000 rows of create_date before " + cut
                        + " deleted, 0 partitions dropped; 2 rows without a date stay.");
        assertThat(playground.query("SELECT min(create_date) FROM user_logins")).containsExactly(cut.toString());
        assertThat(playground.count("user_logins")).isEqualTo(100_002);
        assertThat(retain("400d")).startsWith("0 rows");
    }

    @Test
    void dropsOldMonthsAndDeletesFromTheBorderAndFromDefault() {
        migrateWithMonths(16);
        LocalDate border = cut.withDayOfMonth(1);
        playground.execute("INSERT INTO user_logins (user_id, create_date) VALUES ('month', '" + border.minusDays(1)
                + "'), ('month', '" + border.minusMonths(1) + "'), ('default', '2001-01-01'), ('undated', NULL),"
                + " ('stays', '" + cut + "'), ('stays', '" + today + "'), ('stays', '9999-01-01')");
        int expected = 3;
        if (cut.getDayOfMonth() > 1) {
            playground.execute("INSERT INTO user_logins (user_id, create_date) VALUES ('border', '" + border + "')");
            expected++;
        }
        int old = Integer.parseInt(playground
                .query("SELECT count(*) FROM pg_class WHERE relname ~ '^user_logins_[0-9]{6}$'"
                        + " AND relname < 'user_logins_"
                        + border.toString().substring(0, 7).replace("-", "") + "'")
                .getFirst());

        String told = playground
                .sluice("retain", "--older-than", "400d", "--output", "json")
                .succeeded()
                .lastLine();

        assertThat(old).isGreaterThanOrEqualTo(2);
        assertThat(told)
                .isEqualTo("{\"column\":\"create_date\",\"before\":\"" + cut + "\",\"rows\":" + expected
                        + ",\"partitions\":" + old + ",\"undated\":1,\"dry_run\":false}");
        assertThat(playground.query("SELECT DISTINCT user_id FROM user_logins ORDER BY 1"))
                .containsExactly("stays", "undated");
        assertThat(playground.query("SELECT action || details FROM sluice.audit ORDER BY seq"))
                .satisfiesExactly(
                        begin -> assertThat(begin).contains("retain-begin", "\"before\": \"" + cut + "\""),
                        end -> assertThat(end)
                                .contains(
                                        "retain-end",
                                        "\"of\": 1",
                                        "\"rows\": " + expected(told),
                                        "\"partitions\": " + old));
    }

    private static String expected(String told) {
        return told.replaceAll(".*\"rows\":(\\d+).*", "$1");
    }

    @Test
    void deletesRowsOfPartitionThatSomebodyReadsAndDropsItAnotherDay() throws SQLException {
        migrateWithMonths(15);
        LocalDate old = cut.withDayOfMonth(1).minusDays(1);
        playground.execute("INSERT INTO user_logins (user_id, create_date) VALUES ('old', '" + old + "')");
        try (Connection reader = DriverManager.getConnection(PostgresServer.jdbcUrl(playground.databaseUrl));
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM public.user_logins");
            assertThat(retain("400d")).startsWith("1 row").contains(" 0 partitions dropped");
            reader.rollback();
        }
        assertThat(retain("400d")).startsWith("0 rows").doesNotContain(" 0 partitions dropped");
    }

    @Test
    void losesNoRowOfWorkerThatGoesOnWriting() throws Exception {
        migrateWithMonths(16);
        playground.execute("INSERT INTO user_logins (user_id, create_date) SELECT 'old', date '" + cut
                + "' - 1 - i % 300 FROM generate_series(1, 20000) AS i");
        // Of months that are dropped, of the border, of today: a row that comes late goes now or with the next call.
        playground.send(IntStream.range(0, 2_000)
                .mapToObj(i -> EVENT.formatted(i % 2 == 0 ? today : cut.minusDays(i % 60)))
                .toList());
        CompletableFuture<Ran> worker = CompletableFuture.supplyAsync(
                () -> playground.sluice("run", "--until-empty", "--batch-messages", "20"));
        while (!worker.isDone()) {
            playground.sluice("retain", "--older-than", "400d").succeeded();
        }
        assertThat(worker.get().succeeded().lastLine()).contains("= stored 2000 +");
        retain("400d");
        assertThat(playground.count("user_logins WHERE create_date < '" + cut + "'"))
                .isZero();
        assertThat(playground.count("user_logins WHERE create_date = '" + today + "'"))
                .isEqualTo(1_000);
    }

    @Test
    void rowThatWentDoesNotComeBackWithItsMessage() {
        playground.sluice("migrate").succeeded();
        playground.send(List.of(EVENT.formatted(cut.minusDays(1))));
        playground.drain();
        assertThat(retain("400d")).startsWith("1 row");
        assertThat(playground.count("sluice.ledger")).isOne();
    }

    @Test
    void choosesTheColumnOnlyWhereThereIsNoChoice() {
        pipeline("seen: { from: seen, type: timestamptz }", "day: { from: day, type: date }");
        playground.sluice("migrate").succeeded();
        assertThat(playground.sluice("retain", "--older-than", "30d").refused(ExitCode.CONFIG))
                .contains("--by one of [seen, day]");
        assertThat(playground
                        .sluice("retain", "--older-than", "30d", "--by", "id")
                        .refused(ExitCode.CONFIG))
                .contains("--by");
        playground.execute("INSERT INTO visits (id, seen) VALUES (1, '" + today.minusDays(30)
                + " 00:00Z'), (2, timestamptz '" + today.minusDays(30) + " 00:00Z' - interval '1 us')");
        assertThat(retain("30d", "--by", "seen")).startsWith("1 row of seen");
        assertThat(playground.query("SELECT id FROM visits")).containsExactly("1");
    }

    @Test
    void keepsPointsInTimeInMonthsToo() {
        pipeline("seen: { from: seen, type: timestamptz }", "day: { from: day, type: date }");
        playground.sluice("migrate", "--partition-by", "seen").succeeded();
        LocalDate old = today.minusMonths(5).withDayOfMonth(1);
        playground.execute("CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM ('" + old + " 00:00Z') TO ('"
                + old.plusMonths(1) + " 00:00Z'); INSERT INTO visits (id, seen) VALUES (1, '" + old
                + " 00:00Z'), (2, now())");
        assertThat(retain("60d")).startsWith("1 row of seen").contains(" 1 partition dropped");
        assertThat(playground.query("SELECT id FROM visits")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource({"10m", "36h", "0d", "old"})
    void asksForWholeDays(String age) {
        assertThat(playground.sluice("retain", "--older-than", age).refused(ExitCode.USAGE))
                .contains("--older-than");
    }

    private void migrateWithMonths(int months) {
        playground.sluice("migrate", "--partition-by", "create_date").succeeded();
        LocalDate month = today.withDayOfMonth(1).minusMonths(months);
        // Up to the first that is there: the month of the day a fortnight ago.
        for (; month.isBefore(today.minusDays(14).withDayOfMonth(1)); month = month.plusMonths(1)) {
            playground.execute("CREATE TABLE user_logins_"
                    + month.toString().substring(0, 7).replace("-", "") + " PARTITION OF user_logins FOR VALUES FROM ('"
                    + month + "') TO ('" + month.plusMonths(1) + "')");
        }
    }

    private void pipeline(String... columns) {
        String spec =
                """
                pipeline: visits
                source: { queue: q }
                sink: { table: visits }
                columns:
                  id: { from: id, type: integer }
                  %s
                """
                        .formatted(String.join("\n  ", columns));
        playground.set("SLUICE_PIPELINE", playground.write("visits.yaml", spec).toString());
    }

    private String retain(String age, String... options) {
        String[] call = new String[options.length + 3];
        call[0] = "retain";
        call[1] = "--older-than";
        call[2] = age;
        System.arraycopy(options, 0, call, 3, options.length);
        return playground.sluice(call).succeeded().lastLine();
    }
}
