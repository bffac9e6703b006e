package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RecoveryLogins;
import dev.sluice.cli.command.ExitCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ann and Bob share an address, Cora has another one. */
class FindCommandIT {

    private static final String SHARED = "2001:db8::1";
    private static final String DEVICE = "111-22-0003";

    private Playground playground;

    @BeforeEach
    void store(@TempDir Path folder) {
        playground = Playground.ready(folder);
        playground.send(List.of(
                Events.login("user-ann", SHARED, "111-22-0001"),
                Events.login("user-bob", SHARED, "111-22-0002"),
                Events.login("user-cora", "198.18.0.2", DEVICE)));
        playground.drain();
        RecoveryLogins.create(playground.sql(), "ann");
        playground.execute("GRANT SELECT ON user_logins TO ann");
        playground.set("SLUICE_DATABASE_URL", RecoveryLogins.url(playground.databaseUrl, "ann"));
    }

    private Ran find(String input, String... more) {
        return playground.sluiceReading(
                input,
                Stream.concat(Stream.of("find", "--reason", "INCIDENT", "--ticket", "CASE-7"), Arrays.stream(more))
                        .toArray(String[]::new));
    }

    @Test
    void findsAnAddressInWhateverSpelling() {
        String token = playground
                .query("SELECT masked_ip FROM user_logins WHERE user_id = 'user-ann'")
                .getFirst();

        for (Ran found : List.of(find("2001:DB8:0:0::1\n", "--ip", "-"), find("", "--ip", SHARED))) {
            assertThat(found.succeeded().out())
                    .contains("user-ann", "user-bob", token)
                    .doesNotContain("user-cora", SHARED, "masked_device_id  A");
        }
        assertThat(playground.query("SELECT actor || action || reason || ticket || value_count FROM sluice.audit"))
                .containsOnly("annfindINCIDENTCASE-71");
        assertThat(playground.query("SELECT details FROM sluice.audit")).allMatch(details -> details.contains(token));
    }

    @Test
    void findsAValueOfAColumnAsJson() {
        Ran found = find(DEVICE, "--column", "masked_device_id", "-", "--output", "json")
                .succeeded();

        assertThat(found.lines())
                .singleElement()
                .asString()
                .startsWith("{\"tokens\":{\"masked_device_id\":[\"A")
                .contains("\"rows\":[{\"user_id\":\"user-cora\"")
                .doesNotContain(DEVICE);
    }

    @Test
    void showsNoMoreRowsThanAreWanted() {
        assertThat(find("", "--ip", SHARED, "--limit", "1", "--output", "json")
                        .succeeded()
                        .out()
                        .split("user_id", -1))
                .hasSize(2);
    }

    @Test
    void tellsThatNoRowHoldsIt() {
        assertThat(find("", "--ip", "198.18.0.9").succeeded().out()).contains("No row holds one of them.");
        assertThat(playground.count("sluice.audit")).isOne();
    }

    @Test
    void looksNowhereWithoutLeave() {
        playground.execute("UPDATE sluice.recovery_policy SET daily_values = 1");
        find("", "--ip", SHARED).succeeded();

        Ran denied = find("", "--ip", SHARED);
        assertThat(denied.refused(ExitCode.NOT_PERMITTED))
                .contains("the 1 values that one user may recover or look up");
        assertThat(denied.out()).isEmpty();
        assertThat(playground.query("SELECT action FROM sluice.audit ORDER BY seq"))
                .containsExactly("policy", "find", "denied");

        playground.execute(
                "REVOKE EXECUTE ON FUNCTION sluice.recovery_find(text, text, text, text, text[], text[]) FROM ann");
        assertThat(find("", "--ip", SHARED).out()).isEmpty();
    }

    /** Whoever reads a plain hash in the audit has the value as good as in clear. */
    @Test
    void looksForNothingThatIsMaskedWithoutAKey() {
        assertThat(find("", "--ip", SHARED, "--pipeline", "user-logins-sha256").refused(ExitCode.USAGE))
                .contains("no column of addresses that is masked with a key");
        assertThat(playground.count("sluice.audit")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --ip 198.18.234.300                | not of the form
                    198.18.234.147                     | --ip ADDRESS, or --column COLUMN and VALUE, is required
                    --ip 198.18.234.147 198.18.234.147 | --ip ADDRESS, or --column COLUMN and VALUE, is required
                    --column locale 198.18.234.147     | masked_ip, masked_device_id
                    --column masked_ip                 | exactly one VALUE is required
                    --ip 198.18.234.147 --limit=-1     | --limit must be at least 0
                    """)
    void exits2WithoutQuotingTheValue(String call, String expected) {
        assertThat(find("", call.split(" ", -1)).refused(ExitCode.USAGE))
                .contains(expected)
                .doesNotContain("198.18.234");
        assertThat(playground.count("sluice.audit")).isZero();
    }
}
