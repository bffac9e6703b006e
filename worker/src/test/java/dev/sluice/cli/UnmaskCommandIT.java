package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Canary;
import dev.sluice.RecoveryLogins;
import dev.sluice.TestSql;
import dev.sluice.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first ten events of the sample are in the table; Ann recovers, Bob approves. */
class UnmaskCommandIT {

    private final List<String> addresses = new ArrayList<>();
    private final List<String> devices = new ArrayList<>();
    private Playground playground;
    private String token;

    @BeforeEach
    void store(@TempDir Path folder) {
        playground = Playground.ready(folder);
        List<String> events = Events.sample().subList(0, 10);
        for (String event : events) {
            addresses.add(member(event, "ip"));
            devices.add(member(event, "device_id"));
        }
        playground.send(events);
        playground.drain();
        token = tokens("masked_ip").getFirst();
        RecoveryLogins.create(playground.sql(), "ann", "bob");
        playground.execute("GRANT SELECT ON user_logins TO ann");
        as("ann");
    }

    private static String member(String event, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\": *\"([^\"]*)\"").matcher(event);
        assertThat(matcher.find()).as(event).isTrue();
        return matcher.group(1);
    }

    private void as(String user) {
        playground.set("SLUICE_DATABASE_URL", RecoveryLogins.url(playground.databaseUrl, user));
    }

    /** In the order of the addresses, which are all different from one another. */
    private List<String> tokens(String column) {
        return playground.query("SELECT " + column + " FROM user_logins ORDER BY " + column);
    }

    private Ran unmask(String... more) {
        return unmaskReading("", more);
    }

    private Ran unmaskReading(String input, String... more) {
        return playground.sluiceReading(
                input, Stream.concat(Stream.of("unmask"), why(more)).toArray(String[]::new));
    }

    private static Stream<String> why(String... more) {
        return Stream.concat(Stream.of("--reason", "FRAUD_INVESTIGATION", "--ticket", "CASE-7"), Arrays.stream(more));
    }

    private List<String> audited() {
        return playground.query("SELECT actor || ' ' || action FROM sluice.audit ORDER BY seq");
    }

    private String lastDetails() {
        return playground
                .query("SELECT details FROM sluice.audit ORDER BY seq DESC LIMIT 1")
                .getFirst();
    }

    @Test
    void givesTheOriginalsInTheOrderAsked() {
        List<String> tokens = tokens("masked_ip");
        Ran forth = unmask(tokens.toArray(String[]::new)).succeeded();
        Ran back =
                unmaskReading(String.join("\n", tokens.reversed()) + "\n", "-").succeeded();
        Ran ofDevices = unmask(
                        "--file",
                        playground
                                .write("tokens", String.join("\r\n\n", tokens("masked_device_id")))
                                .toString())
                .succeeded();

        assertThat(forth.lines()).containsExactlyInAnyOrderElementsOf(addresses);
        assertThat(back.lines()).isEqualTo(forth.lines().reversed());
        assertThat(ofDevices.lines()).containsExactlyInAnyOrderElementsOf(devices);
        assertThat(audited()).hasSize(6).startsWith("ann unmask", "ann unmask-result");
        assertThat(playground.query("SELECT value_count FROM sluice.audit WHERE action = 'unmask'"))
                .containsOnly("10");
        assertThat(lastDetails()).contains("\"opened\": 10");
    }

    @Test
    void saysThatTheAuditHasWhatNobodySaw() {
        Ran run = playground.sluiceInto(
                FullDisk.STREAM, Stream.concat(Stream.of("unmask"), why(token)).toArray(String[]::new));

        assertThat(run.refused(ExitCode.OUTPUT))
                .contains("could not all be written", "the audit says that they were opened")
                .doesNotContain(token);
        assertThat(audited()).containsExactly("ann unmask", "ann unmask-result");
    }

    /** The wrong file, by mistake or on purpose of somebody who may run the command but not read the file. */
    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void echoesNothingOfAFileThatHoldsNoTokens(String output) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(playground.keys));
        lines.add("192.0.2.99");
        Path file = playground.write("mistaken", String.join("\n", lines));

        Ran run = unmask("--file", file.toString(), "--output", output);

        assertThat(run.exitCode()).isIn(ExitCode.DATA, ExitCode.NOT_PERMITTED);
        assertThat(run.out() + run.err())
                .doesNotContain("192.0.2.99", "keyData", "sluice-keyset-file")
                .doesNotContain(lines.getFirst());
    }

    @Test
    void givesOneObjectATokenAsJson() {
        String ip = tokens("masked_ip").getFirst();
        String device = tokens("masked_device_id").getFirst();

        Ran run = unmask("--output", "json", device, "nothing", ip);

        assertThat(run.exitCode()).isEqualTo(ExitCode.DATA);
        assertThat(run.lines()).hasSize(3);
        assertThat(run.lines().get(0))
                .startsWith("{\"token\":\"" + device + "\",\"column\":\"masked_device_id\",\"value\":\"");
        assertThat(run.lines().get(1)).isEqualTo("{\"place\":2,\"refused\":\"MALFORMED\"}");
        assertThat(run.lines().get(2)).startsWith("{\"token\":\"" + ip + "\",\"column\":\"masked_ip\",\"value\":\"");
    }

    @Nested
    class Refuses {

        @Test
        void aTokenOfAnotherColumn() {
            assertRefused(unmask("--column", "masked_device_id", token), "OTHER_FIELD", ExitCode.DATA);
        }

        @Test
        void aTokenThatWasChanged() {
            char last = token.charAt(30) == 'A' ? 'B' : 'A';
            assertRefused(unmask(token.substring(0, 30) + last + token.substring(31)), "NOT_AUTHENTIC", ExitCode.DATA);
        }

        @Test
        void aTokenOfAnUnknownKey() {
            char other = token.charAt(4) == 'A' ? 'B' : 'A';
            assertRefused(unmask(token.substring(0, 4) + other + token.substring(5)), "UNKNOWN_KEY", ExitCode.DATA);
        }

        @ParameterizedTest
        @ValueSource(strings = {"DISABLED", "DESTROYED"})
        void aTokenOfAKeyThatIsNoLongerUsed(String status) throws IOException {
            retireKeys(status);
            assertRefused(unmask(token), "KEY_NOT_ENABLED", ExitCode.NOT_PERMITTED);
        }

        @Test
        void oneAndOpensTheOthers() {
            Ran run = unmask(token, "nothing", token);

            assertThat(run.exitCode()).isEqualTo(ExitCode.DATA);
            assertThat(run.lines()).hasSize(3);
            assertThat(run.lines().get(1)).isEqualTo("\\N");
            assertThat(run.err()).contains("sluice: token 2: MALFORMED").doesNotContain("nothing");
            assertThat(lastDetails()).contains("\"opened\": 2", "\"malformed\": 1", "\"refused\": []");
        }

        private void assertRefused(Ran run, String why, int exitCode) {
            assertThat(run.refused(exitCode)).startsWith("sluice: token 1: " + why);
            assertThat(run.out()).isEqualTo("\\N" + System.lineSeparator());
            assertThat(audited()).containsExactly("ann unmask", "ann unmask-result");
            assertThat(lastDetails()).contains("\"opened\": 0", "\"why\": \"" + why + "\"");
        }

        /** Puts another file's keys in front, as rotation does. */
        private void retireKeys(String status) throws IOException {
            Path other = playground.folder.resolve("other.json");
            playground
                    .sluice(
                            "--keys",
                            other.toString(),
                            "keys",
                            "create",
                            "--allow-cleartext-keys",
                            "--despite-unknown-keys")
                    .succeeded();
            String old = Files.readString(playground.keys);
            String fresh = Files.readString(other);
            Pattern field = Pattern.compile(
                    "(\"user-logins\\.masked_ip\"\\s*:\\s*\\{\\s*\"primaryKeyId\"\\s*:\\s*)(\\d+)(\\s*,\\s*\"key\"\\s*:\\s*\\[)(.*?)\\]",
                    Pattern.DOTALL);
            Matcher oldField = field.matcher(old);
            Matcher freshField = field.matcher(fresh);
            assertThat(oldField.find() && freshField.find())
                    .as("the file's form")
                    .isTrue();
            String merged = oldField.group(1) + freshField.group(2) + oldField.group(3) + freshField.group(4) + ","
                    + oldField.group(4).replace("ENABLED", status) + "]";
            Files.delete(playground.keys);
            Files.createFile(
                    playground.keys,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(playground.keys, old.replace(oldField.group(), merged));
        }
    }

    @Nested
    class NeedsApproval {

        private List<String> eleven;

        @BeforeEach
        void listEleven() {
            eleven = new ArrayList<>(tokens("masked_ip"));
            eleven.add(tokens("masked_device_id").getFirst());
        }

        private String[] eleven(String... more) {
            return Stream.concat(Arrays.stream(more), eleven.stream()).toArray(String[]::new);
        }

        @Test
        void forMoreThanTenAndSaysHow() {
            Ran run = unmask(eleven());

            assertThat(run.refused(ExitCode.NOT_PERMITTED))
                    .contains("more than 10 values at once need somebody else's approval", "sluice unmask request");
            assertThat(run.out()).isEmpty();
            assertThat(unmask(eleven("--output", "json")).lines())
                    .hasSize(11)
                    .allMatch(line -> line.endsWith(",\"refused\":\"APPROVAL_REQUIRED\"}"));
            assertThat(audited()).containsExactly("ann denied", "ann denied");
        }

        @Test
        void andGetsIt() {
            Ran request = playground
                    .sluice(Stream.concat(
                                    Stream.of("unmask", "request"),
                                    why(eleven("--approver", "bob", "--output", "json")))
                            .toArray(String[]::new))
                    .succeeded();
            assertThat(request.out()).startsWith("{\"request\":1,\"approver\":\"bob\",\"expires\":\"");
            assertThat(playground.sluice("unmask", "fetch", "1").refused(ExitCode.NOT_PERMITTED))
                    .contains("the request is not approved yet");
            assertThat(playground.sluice("unmask", "approve", "1", "--yes").refused(ExitCode.NOT_PERMITTED))
                    .contains("another database user");

            as("bob");
            assertThat(playground.sluice("unmask", "requests").succeeded().out())
                    .contains("open", "ann", "FRAUD_INVESTIGATION", "CASE-7", "masked_ip, masked_device_id");
            assertThat(playground.sluice("unmask", "approve", "1").refused(ExitCode.USAGE))
                    .contains("confirm with --yes");
            Ran approve = playground
                    .unset("SLUICE_KEYS")
                    .sluice("unmask", "approve", "1", "--yes")
                    .succeeded();
            assertThat(approve.err()).contains("ann", "CASE-7", "11", "masked_ip, masked_device_id");
            playground.set("SLUICE_KEYS", playground.keys.toString());
            assertThat(playground.sluice("unmask", "fetch", "1").refused(ExitCode.NOT_PERMITTED))
                    .contains("only the database user who made a request can fetch it");

            as("ann");
            Ran fetch = playground.sluice("unmask", "fetch", "1").succeeded();
            assertThat(fetch.lines().subList(0, 10)).containsExactlyInAnyOrderElementsOf(addresses);
            assertThat(devices).contains(fetch.lastLine());
            assertThat(audited())
                    .containsExactly(
                            "ann request",
                            "ann denied",
                            "ann denied",
                            "bob approve",
                            "bob denied",
                            "ann fetch",
                            "ann unmask-result");
        }

        @Test
        void andGetsItAgainIfItWasLost() {
            playground
                    .sluice(Stream.concat(Stream.of("unmask", "request"), why(eleven()))
                            .toArray(String[]::new))
                    .succeeded();
            as("bob");
            playground.sluice("unmask", "approve", "1", "--yes").succeeded();
            as("ann");

            assertThat(playground
                            .sluiceInto(FullDisk.STREAM, "unmask", "fetch", "1")
                            .refused(ExitCode.OUTPUT))
                    .contains("the audit says that they were opened; fetch the request again");
            assertThat(playground.sluice("unmask", "fetch", "1").succeeded().lines())
                    .hasSize(11);
            assertThat(lastDetails()).contains("\"opened\": 11");
        }

        /** Issue 8, item 6: she asks for addresses, by a client of her own, and says that it is something harmless. */
        @Test
        void andShowsTheApproverWhatTheTokensSayApartFromWhatTheRequesterSays() {
            new TestSql(RecoveryLogins.url(playground.databaseUrl, "ann"), "")
                    .execute(
                            "SELECT sluice.recovery_submit('', 'DSAR', 'CASE-7', 'statistics', '{app_version}', ARRAY['"
                                    + String.join("','", eleven) + "'], NULL)");
            as("bob");
            String ip = key("masked_ip");
            String device = key("masked_device_id");

            String list = playground.sluice("unmask", "requests").succeeded().out();
            assertThat(list)
                    .contains("requester says: columns", "10 of " + ip + " (user-logins.masked_ip)")
                    .contains("1 of " + device + " (user-logins.masked_device_id)");
            String json = playground
                    .sluice("unmask", "requests", "--output", "json")
                    .succeeded()
                    .lastLine();
            assertThat(json)
                    .contains("{\"key\":\"" + ip + "\",\"values\":10,\"field\":\"user-logins.masked_ip\"}")
                    .contains("\"requester_says\":{\"reason\":\"DSAR\",\"ticket\":\"CASE-7\","
                            + "\"columns\":[\"app_version\"],\"pipeline\":\"statistics\"}");
            assertThat(playground.sluice("unmask", "approve", "1").err())
                    .contains("requester says: columns app_version", "10 of " + ip + " (user-logins.masked_ip)")
                    .contains("that is not what the requester says");

            playground.unset("SLUICE_KEYS");
            assertThat(playground
                            .sluice("unmask", "approve", "1", "--yes")
                            .succeeded()
                            .err())
                    .contains("10 of " + ip, "1 of " + device)
                    .doesNotContain("user-logins.masked_ip");
            assertThat(lastDetails()).contains("\"" + ip + "\": 10");
        }

        private String key(String column) {
            return playground.sluice("keys", "list", "--no-rows").succeeded().lines().stream()
                    .filter(line -> line.contains("." + column + " "))
                    .map(line -> line.replaceAll(".*\\b([0-9a-f]{8})\\b.*", "$1"))
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void andAsksForItAtOnceWhenAnApproverIsNamed() {
            Ran run = unmask(eleven("--approver", "bob"));

            assertThat(run.refused(ExitCode.NOT_PERMITTED))
                    .contains("bob:  sluice unmask approve 1", "sluice unmask fetch 1");
            assertThat(run.out()).isEmpty();
            assertThat(audited()).containsExactly("ann denied", "ann request");
        }

        @Test
        void butNotForWhatIsNoTokenOfThePipeline() {
            Ran run = playground.sluice(Stream.concat(Stream.of("unmask", "request"), why("nothing", eleven.getFirst()))
                    .toArray(String[]::new));

            assertThat(run.refused(ExitCode.DATA)).contains("token 1: MALFORMED", "No request was made");
            assertThat(audited()).isEmpty();
        }
    }

    @Nested
    class ShowsNothing {

        @Test
        void toWhoMayNotAppend() {
            playground.execute(
                    "REVOKE EXECUTE ON FUNCTION sluice.recovery_unmask(text, text, text, text, text[], text[],"
                            + " integer[]) FROM ann");
            assertNothing(unmask(token), ExitCode.NOT_PERMITTED);
            assertThat(audited()).isEmpty();
        }

        @Test
        void whenTheResultCannotBeAudited() {
            playground.execute(
                    "REVOKE EXECUTE ON FUNCTION sluice.recovery_result(text, bigint, integer, text[], text[],"
                            + " integer) FROM ann");
            assertNothing(unmask("--output", "json", token), ExitCode.NOT_PERMITTED);
            assertThat(audited()).containsExactly("ann unmask");
        }

        @Test
        void whenTheDatabaseIsAway() {
            playground.set("SLUICE_DATABASE_URL", "postgresql://ann@127.0.0.1:1/events");
            assertNothing(unmask(token), ExitCode.UNAVAILABLE);
        }

        @Test
        void onASchemaWithoutPolicy() {
            playground.execute("DROP FUNCTION sluice.recovery_unmask");
            assertNothing(unmask(token), ExitCode.CONFIG);
        }

        private void assertNothing(Ran run, int exitCode) {
            run.refused(exitCode);
            assertThat(run.out()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    unmask TOKEN                                          | --reason and --ticket are required
                    unmask TOKEN --reason DSAR                            | --reason and --ticket are required
                    unmask TOKEN --reason NOSINESS --ticket C             | --reason
                    unmask TOKEN --reason DSAR --ticket 192.0.2.1         | --ticket must be 1 to 64 letters
                    unmask --reason DSAR --ticket C                       | no token was given
                    unmask - --reason DSAR --ticket C                     | no token was given
                    unmask - TOKEN --reason DSAR --ticket C               | not both
                    unmask TOKEN --file x --reason DSAR --ticket C        | not both
                    unmask --file x --reason DSAR --ticket C              | --file cannot be read
                    unmask TOKEN --column locale --reason DSAR --ticket C | masked_ip, masked_device_id
                    unmask approve                                        | ID
                    unmask requests --limit=-1                            | --limit must be at least 0
                    """)
    void exits2AndReportsWhatIsRequired(String call, String expected) {
        Ran run = playground.sluice(call.split(" +", -1));

        assertThat(run.refused(ExitCode.USAGE)).contains(expected).doesNotContain("192.0.2.1");
        assertThat(run.out()).isEmpty();
        assertThat(audited()).isEmpty();
    }

    /** As a process, so that what a library prints past the console is seen too. */
    @Test
    void leavesNoClearValueButOnStandardOutput() throws IOException, InterruptedException {
        List<Canary> canaries = Stream.concat(addresses.stream(), devices.stream())
                .map(Canary::new)
                .toList();
        String pasted = addresses.getFirst();
        List<String> call =
                new ArrayList<>(List.of("unmask", "--log-level", "trace", "--reason", "DSAR", "--ticket", "C"));
        call.addAll(tokens("masked_ip").subList(0, 5));
        call.addAll(tokens("masked_device_id").subList(0, 5));
        call.add(pasted);

        Ran run = playground.ended(playground.start(call.toArray(String[]::new)));
        Ran find = playground.sluiceReading(
                pasted, "find", "--ip", "-", "--log-level", "trace", "--reason", "DSAR", "--ticket", "C");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DATA);
        assertThat(find.succeeded().lines()).hasSizeGreaterThan(3);
        String elsewhere = run.err()
                + find.out()
                + find.err()
                + String.join("\n", playground.query("SELECT a::text FROM sluice.audit a"))
                + String.join("\n", playground.query("SELECT r::text FROM sluice.recovery_request r"))
                + playground
                        .administrator()
                        .query("SELECT pg_read_file('server.log')")
                        .getFirst();
        assertThat(elsewhere).contains("Audit head", "unmask-result");
        assertThat(canaries).noneMatch(canary -> canary.isIn(elsewhere));
        assertThat(canaries.stream().filter(canary -> canary.isIn(run.out()))).hasSize(10);
    }
}
