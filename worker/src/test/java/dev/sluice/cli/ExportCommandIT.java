package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.RecoveryLogins;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.mask.Tokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canary-17 has two rows, somebody else one; Ann exports, Bob approves. */
class ExportCommandIT {

    private static final String PERSON = "canary-17";
    private static final String EVENT =
            "{\"user_id\":\"%s\",\"app_version\":\"2.3.0\",\"device_type\":\"ios\",\"ip\":\"198.51.100.%d\",\"locale\":null,"
                    + "\"device_id\":\"device-%d\"}";

    private Playground playground;

    @BeforeEach
    void prepare(@TempDir Path folder) {
        playground = Playground.ready(folder);
        RecoveryLogins.create(playground.sql(), "ann", "bob");
        playground.execute("GRANT SELECT ON user_logins TO ann");
        store(EVENT.formatted(PERSON, 1, 1), EVENT.formatted(PERSON, 2, 1), EVENT.formatted("other", 9, 9));
    }

    @Test
    void givesTheSubjectsRowsWithTheirOriginalsAsOneDocument() {
        playground.send(List.of(Events.BAD));
        playground.drain();
        as("ann");

        Ran run = export("--user-id", PERSON).succeeded();

        assertThat(run.out())
                .startsWith("{\"pipeline\":\"user-logins\",\"table\":\"user_logins\",\"column\":\"user_id\","
                        + "\"reason\":\"DSAR\",\"ticket\":\"DSR-17\",\"rows\":[\n")
                .endsWith("],\"row_count\":2,\"recovered\":4,\"refused\":0,\"quarantined_not_searched\":1}\n")
                .contains("\"user_id\":\"" + PERSON
                        + "\",\"device_type\":\"ios\",\"masked_ip\":{\"value\":\"198.51.100.1\"}")
                .contains("\"masked_device_id\":{\"value\":\"device-1\"},\"locale\":null,\"app_version\":")
                .contains("{\"value\":\"198.51.100.2\"}")
                .doesNotContain("other", "198.51.100.9", "device-9")
                .doesNotContainPattern("\"app_version\":\"");
        assertThat(run.err()).doesNotContain(PERSON, "198.51.100", "device-1");
    }

    @Test
    void auditsBeforeItOpensAndCountsEachValueOnceWithoutNamingWhom() {
        as("ann");
        export("--user-id", PERSON).succeeded();

        assertThat(audited()).containsExactly("ann export 3", "ann unmask-result 0");
        assertThat(playground.query("SELECT details::jsonb ->> 'by' || ' ' || (details::jsonb ->> 'rows') FROM"
                        + " sluice.audit WHERE action = 'export'"))
                .containsExactly("user_id 2");
        assertThat(playground.query("SELECT details FROM sluice.audit ORDER BY seq DESC LIMIT 1"))
                .singleElement()
                .asString()
                .contains("\"opened\": 3");
        assertThat(playground.query("SELECT audit::text FROM sluice.audit").toString())
                .doesNotContain(PERSON, "198.51.100", "device-1");
        assertThat(playground.sluice("audit", "verify").succeeded().out()).startsWith("Intact: 2 entries");
    }

    @Test
    void auditsAnExportWithoutRowsToo() {
        as("ann");
        assertThat(export("--user-id", "nobody").succeeded().lastLine()).startsWith("],\"row_count\":0,");
        assertThat(audited()).containsExactly("ann export 0", "ann unmask-result 0");
    }

    @Test
    void findsTheSubjectByAMaskedColumnOnceTheLookUpIsGranted() {
        MaskedLogins.rotate(playground, MaskedLogins.DEVICE);
        store(EVENT.formatted("renamed", 3, 1));
        as("ann");

        assertThat(exportReading("device-1\n", "--user-id", "-", "--column", "masked_device_id")
                        .succeeded()
                        .out())
                .contains(PERSON, "renamed", "\"row_count\":3")
                .doesNotContain("other");
        assertThat(audited()).startsWith("ann find 1", "ann export 5");

        playground.execute("UPDATE sluice.recovery_policy SET daily_values = 6");
        Ran denied = export("--user-id", "device-1", "--column", "masked_device_id");
        assertThat(denied.refused(ExitCode.NOT_PERMITTED)).contains("denied").doesNotContain("device-1");
        assertThat(denied.out()).isEmpty();
    }

    @Test
    void refusesSingleValuesAndExportsTheOthers() {
        String token = playground
                .query("SELECT masked_ip FROM user_logins WHERE user_id = '" + PERSON + "' LIMIT 1")
                .getFirst();
        String altered = token.substring(0, 30) + (token.charAt(30) == 'A' ? 'B' : 'A') + token.substring(31);
        playground.execute("UPDATE user_logins SET masked_ip = '" + altered + "' WHERE masked_ip = '" + token + "';"
                + "UPDATE user_logins SET masked_device_id = CASE masked_ip WHEN '" + altered
                + "' THEN 'not a token' ELSE '" + token + "' END WHERE user_id = '" + PERSON + "'");
        as("ann");

        Ran run = export("--user-id", PERSON);

        assertThat(run.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(run.out())
                .contains("\"masked_ip\":{\"refused\":\"NOT_AUTHENTIC\"}")
                .contains("\"masked_device_id\":{\"refused\":\"MALFORMED\"}")
                .contains("\"masked_device_id\":{\"refused\":\"OTHER_FIELD\"}")
                .contains("\"recovered\":1,\"refused\":3");
        assertThat(Tokens.keyId(altered)).isPresent();
    }

    @Test
    void saysOfADisabledKeyThatPermissionIsMissing() {
        String old = MaskedLogins.primary(playground, MaskedLogins.IP).hexId();
        MaskedLogins.rotate(playground, MaskedLogins.IP);
        playground.sluice("keys", "disable", old).succeeded();
        as("ann");

        Ran run = export("--user-id", PERSON);

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(run.out()).contains("\"masked_ip\":{\"refused\":\"KEY_NOT_ENABLED\"}", "{\"value\":\"device-1\"}");
    }

    @Test
    void givesWhatIsStoredWhereTheMaskIsOneWay() {
        String spec =
                """
                pipeline: visits
                source: { queue: q }
                sink: { table: visits }
                columns:
                  visitor: { from: visitor, type: varchar(64) }
                  basket:  { from: basket, type: jsonb }
                  network: { from: ip, type: varchar(64), mask: { kind: generalize, as: ip } }
                  hashed:  { from: ip, type: varchar(256), mask: { kind: keyed-hash, as: ip } }
                """;
        Path keys = playground.folder.resolve("visits.keys");
        playground
                .set("SLUICE_PIPELINE", playground.write("visits.yaml", spec).toString())
                .set("SLUICE_KEYS", keys.toString());
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        store("{\"visitor\":\"v1\",\"basket\":{\"n\":1},\"ip\":\"198.51.100.1\"}");
        playground.execute("GRANT SELECT ON visits TO ann");
        as("ann");

        Ran run = export("--subject", "v1", "--column", "visitor").succeeded();

        assertThat(run.out())
                .contains(
                        "\"basket\":{\"n\":1},\"network\":{\"refused\":\"NOT_REVERSIBLE\",\"stored\":\"198.51.100.0/24\"}")
                .contains("\"hashed\":{\"refused\":\"NOT_REVERSIBLE\",\"stored\":\"A")
                .contains("\"recovered\":0,\"refused\":2");
    }

    @Test
    void needsApprovalForMoreThanTenValuesAndGetsIt() {
        store(IntStream.range(10, 20)
                .mapToObj(i -> EVENT.formatted(PERSON, i, 1))
                .toArray(String[]::new));
        as("ann");
        Ran denied = export("--user-id", PERSON);
        assertThat(denied.refused(ExitCode.NOT_PERMITTED)).contains("13 different values", "sluice export request");
        assertThat(denied.out()).isEmpty();

        assertThat(playground
                        .sluice(words(
                                "export request --user-id canary-17 --reason DSAR --ticket DSR-17 --approver bob"))
                        .succeeded()
                        .out())
                .contains("Request 1 was made", "sluice export fetch --user-id VALUE 1");
        assertThat(playground
                        .sluice(words("export fetch 1 --user-id canary-17"))
                        .refused(ExitCode.NOT_PERMITTED))
                .contains("not approved yet");
        as("bob");
        playground.sluice("unmask", "approve", "1", "--yes").succeeded();
        playground.set("SLUICE_DATABASE_URL", playground.databaseUrl);
        store(EVENT.formatted(PERSON, 77, 1));
        as("ann");

        Ran fetch = playground.sluice(words("export fetch 1 --user-id canary-17"));

        assertThat(fetch.exitCode()).as("a row came after the request").isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(fetch.out())
                .contains("\"reason\":\"DSAR\",\"ticket\":\"DSR-17\"", "{\"value\":\"198.51.100.19\"}")
                .contains("\"masked_ip\":{\"refused\":\"NOT_PERMITTED\"}")
                .contains("\"row_count\":13,\"recovered\":25,\"refused\":1")
                .doesNotContain("198.51.100.77");
        assertThat(audited())
                .containsExactly(
                        "ann denied 13",
                        "ann request 13",
                        "ann denied 13",
                        "bob approve 13",
                        "ann fetch 13",
                        "ann unmask-result 0");
        assertThat(playground.sluice("audit", "verify").succeeded().out()).startsWith("Intact: 6 entries");
    }

    @Test
    void makesTheRequestItselfIfAnApproverIsNamed() {
        store(IntStream.range(10, 20)
                .mapToObj(i -> EVENT.formatted(PERSON, i, 1))
                .toArray(String[]::new));
        as("ann");

        Ran run = export("--user-id", PERSON, "--approver", "bob");

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(run.err()).contains("Request 1 was made", "bob:  sluice unmask approve 1");
    }

    @Test
    void opensNothingWithoutTheFunction() {
        playground.execute("REVOKE ALL ON FUNCTION"
                + " sluice.recovery_export(text, text, text, text, text, bigint, text[], text[]) FROM ann");
        as("ann");

        Ran run = export("--user-id", PERSON);

        run.refused(ExitCode.NOT_PERMITTED);
        assertThat(run.out()).isEmpty();
        assertThat(playground.count("sluice.audit")).isZero();
    }

    @Test
    void opensNothingIfTheDocumentCouldNotBeCompleted() {
        playground.execute("REVOKE SELECT ON sluice.quarantine FROM ann");
        as("ann");

        Ran run = export("--user-id", PERSON);

        run.refused(ExitCode.NOT_PERMITTED);
        assertThat(run.out()).isEmpty();
        assertThat(playground.count("sluice.audit")).isZero();
    }

    /** Calls, and what the refusal of each says. */
    private static final String WRONG =
            """
            export --reason DSAR --ticket T                                    | --user-id is required
            export --column masked_ip --reason DSAR --ticket T                 | this whom to look for
            export --user-id= --reason DSAR --ticket T                         | must not be blank
            export --user-id u1                                                | --reason and --ticket
            export --user-id u1 --reason DSAR --ticket T --column create_date  | --column: it must be one of [user_id,
            export --user-id x --column masked_ip --reason DSAR --ticket T     | not of the form of column masked_ip
            export --user-id u1 --reason DSAR --ticket T --output csv          | --output csv is for lists
            export fetch 7 --user-id u1                                        | there is no request 7
            """;

    @Test
    void refusesWrongCalls() {
        as("ann");
        WRONG.lines().map(line -> line.split("\\|", -1)).forEach(wrong -> assertThat(
                        playground.sluice(words(wrong[0].strip())).refused(ExitCode.USAGE))
                .contains(wrong[1].strip()));
        assertThat(playground.count("sluice.audit")).isZero();
    }

    private static String[] words(String call) {
        return call.split(" ", -1);
    }

    private Ran export(String... options) {
        return exportReading("", options);
    }

    private Ran exportReading(String input, String... options) {
        return playground.sluiceReading(
                input,
                Stream.of(new String[] {"export", "--reason", "DSAR", "--ticket", "DSR-17"}, options)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    private List<String> audited() {
        return playground.query("SELECT actor || ' ' || action || ' ' || value_count FROM sluice.audit ORDER BY seq");
    }

    private void as(String user) {
        playground.set("SLUICE_DATABASE_URL", RecoveryLogins.url(playground.databaseUrl, user));
    }

    private void store(String... events) {
        playground.send(List.of(events));
        String stored = "= stored " + String.format(Locale.ROOT, "%d +", events.length);
        assertThat(playground.drain().lastLine()).contains(stored);
    }
}
