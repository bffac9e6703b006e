package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code show} and {@code duplicates}: ann and bob share an address, and bob has two rows of one device. */
class ShowCommandIT {

    private static final String SHARED_IP = "198.18.0.1";
    private static final String SHARED_DEVICE = "111-22-3333";

    private Playground playground;

    @BeforeEach
    void store(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(List.of(
                Events.login("ann", SHARED_IP, "111-22-0001"),
                Events.login("bob", SHARED_IP, SHARED_DEVICE),
                Events.login("bob", "198.18.0.2", SHARED_DEVICE)));
        playground.sluice("run", "--max-batches", "1").succeeded();
    }

    @Test
    void showsColumnsCountAndRowsAsStored() {
        Ran show = playground.sluice("show", "2").succeeded();

        assertThat(show.out()).contains("Table user_logins, 3 rows", "masked_device_id", "varchar(256)", "create_date");
        assertThat(show.lines().stream().filter(line -> line.contains("android")))
                .hasSize(2);
    }

    @Test
    void showsRowsAsJson() {
        Ran show = playground.sluice("show", "--output", "json").succeeded();

        assertThat(show.lines()).hasSize(3).allMatch(line -> line.startsWith("{\"user_id\":\""));
        assertThat(show.out()).contains(playground.query("SELECT masked_ip FROM user_logins"));
    }

    @Test
    void showsNullsAndNoRowsOfAnEmptyTable() {
        playground.execute("TRUNCATE user_logins");
        assertThat(playground.sluice("show").succeeded().out()).contains("0 rows");

        playground.execute("INSERT INTO user_logins (user_id) VALUES ('eve')");
        assertThat(playground.sluice("show").succeeded().lastLine()).containsPattern("eve +NULL +NULL");
    }

    /** Counted, a table of a hundred million rows would take minutes. */
    @Test
    void estimatesTheRowsOfALargeTable() {
        playground.execute("INSERT INTO user_logins SELECT i, 'android', repeat('x', 250), repeat('y', 250), 'RU', 2,"
                + " '2026-01-01' FROM generate_series(1, 40000) AS i");

        assertThat(playground.sluice("show").succeeded().out()).containsPattern("user_logins, about [34]\\d,000 rows");

        assertThat(playground.query("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'user_logins'"))
                .allMatch(read -> Long.parseLong(read) < 20_000);
    }

    @Test
    void exits78WhenTheTableIsMissing() {
        playground.execute("DROP TABLE user_logins");

        assertThat(playground.sluice("show").refused(ExitCode.CONFIG)).contains("`sluice migrate`");
    }

    @Test
    void findsTheMaskedValuesThatUsersShareAndNotThoseOfOneUserAlone() {
        Ran duplicates = playground.sluice("duplicates", "--output", "json").succeeded();

        assertThat(duplicates.lines())
                .containsExactly(shared("masked_ip", tokenOf("masked_ip", "ann"), 2, "user_id", 2));
    }

    @Test
    void looksAtOneColumnAndCountsByAnother() {
        Ran duplicates = playground
                .sluice("duplicates", "--column", "masked_device_id", "--by", "masked_ip", "--output", "json")
                .succeeded();

        assertThat(duplicates.lines())
                .containsExactly(shared("masked_device_id", tokenOf("masked_device_id", "bob"), 2, "masked_ip", 2));
    }

    @Test
    void looksAtASampleForAQuickAnswer() {
        playground.execute(
                "INSERT INTO user_logins SELECT i, 'android', repeat('x', 250), i || repeat('y', 240), 'RU', 2,"
                        + " '2026-01-01' FROM generate_series(1, 40000) AS i");

        List<String> lines = playground
                .sluice("duplicates", "--sample", "2000", "--output", "json")
                .succeeded()
                .lines();

        assertThat(lines).singleElement().asString().containsPattern("\"value\":\"x+\",\"rows\":(2000|1\\d\\d\\d),");
        assertThat(playground.query("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'user_logins'"))
                .allMatch(read -> Long.parseLong(read) < 20_000);
    }

    @Test
    void saysWhenNothingIsShared() {
        playground.execute("DELETE FROM user_logins WHERE user_id = 'ann'");

        assertThat(playground.sluice("duplicates").succeeded().out())
                .isEqualToIgnoringNewLines("No masked value is shared by more than one user_id.");
    }

    @Test
    void looksForDuplicatesInMaskedColumnsOnly() {
        assertThat(playground.sluice("duplicates", "--column", "user_id").refused(ExitCode.USAGE))
                .contains("--column must be one of [masked_ip, masked_device_id]");
        assertThat(playground.sluice("duplicates", "--by", "shoe_size").refused(ExitCode.USAGE))
                .contains("--by must be one of [user_id, ");
    }

    private String tokenOf(String column, String user) {
        return playground
                .query("SELECT " + column + " FROM user_logins WHERE user_id = '" + user + "'")
                .getFirst();
    }

    private static String shared(String column, String token, int rows, String by, int distinct) {
        return "{\"column\":\"" + column + "\",\"value\":\"" + token + "\",\"rows\":" + rows + ",\"by\":\"" + by
                + "\",\"distinct\":" + distinct + "}";
    }
}
