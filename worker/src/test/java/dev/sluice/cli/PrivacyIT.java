package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Canary;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetFile;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No clear address or device id anywhere but in the queue: every command runs at TRACE over messages that succeed and
 * messages that fail in each way, then all output, all tables and the server's own log are searched for them.
 */
class PrivacyIT {

    private static final String IP = "198.18.234.147";
    private static final String IPV6 = "2001:db8:77::cafe";
    private static final String DEVICE = "931-17-5538";
    private static final List<Canary> CANARIES = List.of(new Canary(IP), new Canary(IPV6), new Canary(DEVICE));

    /** Stands in a column that is not masked: if the search does not find it, it finds nothing. */
    private static final Canary CONTROL = new Canary("control-user");

    private static final List<String> GOOD = List.of(
            Events.login(CONTROL.value(), IP, DEVICE),
            Events.login(CONTROL.value(), IPV6, DEVICE),
            Events.login("unknown-field", IP, DEVICE).replace("\"locale\"", "\"home_ip\":\"" + IP + "\",\"locale\""));

    private static final List<String> BAD = List.of(
            IP + " " + DEVICE,
            "{\"user_id\":\"cut-off\",\"ip\":\"" + IP + "\",\"device_id\":\"" + DEVICE,
            "{'user_id':'quotes','ip':'" + IP + "','device_id':'" + DEVICE + "'}",
            "{\"" + IP + "\":1,\"" + DEVICE + "\":{}}",
            "\""
                    + Base64.getEncoder()
                            .encodeToString(
                                    Events.login("in-string", IP, DEVICE).getBytes(UTF_8)) + "\"",
            Events.login("octets", IP + ".9", DEVICE),
            Events.login("port", "[" + IPV6 + "]:80", DEVICE),
            Events.login("nul", IP, DEVICE + "\\u0000"),
            Events.login("surrogate", IP, DEVICE + "\\ud800"),
            Events.login("oversize", IP, DEVICE.repeat(100)),
            Events.login("version", IP, DEVICE).replace("2.3.0", IP),
            Events.login("wide", IP, DEVICE).replace("android", DEVICE.repeat(5)),
            Events.login("array", IP, DEVICE).replace("\"" + IP + "\"", "[\"" + IP + "\"]"),
            Events.login("object", IP, DEVICE).replace("\"" + DEVICE + "\"", "{\"id\":\"" + DEVICE + "\"}"),
            Events.login("twice", IP, DEVICE).replace("\"locale\"", "\"ip\":\"" + IP + "\",\"locale\""),
            Events.login("more", IP, DEVICE) + Events.login("more", IP, DEVICE));

    private final StringBuilder output = new StringBuilder();
    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void leavesNoClearAddressOrDeviceIdOutsideTheQueue() throws IOException, InterruptedException {
        sendFromAFile();
        call("doctor");
        call("peek", "50");
        moveAll();
        look();
        failOnTheDatabase();
        assertThat(playground.count("sluice.quarantine")).isEqualTo(BAD.size() + 1);
        lookUp();
        changeKeys();
        call("quarantine", "replay", "--all", "--ticket", "OPS-1");
        eraseAndRetain();

        for (String place : List.of(output.toString(), tables(), serverLog())) {
            assertThat(CANARIES).noneMatch(canary -> canary.isIn(place));
        }
        assertThat(CONTROL.isIn(output.toString())).isTrue();
        assertThat(CONTROL.isIn(tables())).isTrue();
    }

    /** Proves the search itself, form by form. */
    @Test
    void findsAValueInEachFormItCouldLeakIn() {
        String sentence = "ip " + IPV6 + " seen";
        List<String> leaks = List.of(
                sentence,
                URLEncoder.encode(sentence, UTF_8),
                Base64.getEncoder().encodeToString(sentence.getBytes(UTF_8)),
                Base64.getUrlEncoder().encodeToString(("." + sentence).getBytes(UTF_8)),
                Base64.getEncoder().encodeToString((".." + sentence).getBytes(UTF_8)),
                HexFormat.of().formatHex(sentence.getBytes(UTF_8)));

        assertThat(leaks).allMatch(new Canary(IPV6)::isIn);
        playground.execute("CREATE TABLE planted (leak bytea); INSERT INTO planted VALUES ('" + sentence + "')");
        assertThat(new Canary(IPV6).isIn(tables())).isTrue();
    }

    private void sendFromAFile() {
        List<String> bodies = new ArrayList<>(GOOD);
        bodies.addAll(BAD);
        call(
                "send",
                "--lines",
                playground.write("events.ndjson", String.join("\n", bodies)).toString());
        assertThat(playground.depth().visible()).isEqualTo(GOOD.size() + BAD.size());
    }

    /** As a process, so that what a library prints past the console is seen too. */
    private void moveAll() throws IOException, InterruptedException {
        Process run = playground.start("run", "--until-empty", "--log-level", "trace");
        Ran ended = keep(playground.ended(run)).succeeded();
        assertThat(ended.lastLine())
                .startsWith(
                        "received 19 = stored " + GOOD.size() + " + duplicates 0 + quarantined " + BAD.size() + " ");
    }

    private void look() {
        call("show", "50");
        call("duplicates");
        call("config", "show");
        call("keys", "list");
        call("quarantine", "list");
        playground.query("SELECT id FROM sluice.quarantine").forEach(id -> call("quarantine", "show", id));
    }

    /** A database that throws the row back at us, its text in the server's message. */
    private void failOnTheDatabase() {
        playground.execute("ALTER TABLE user_logins ADD CHECK (locale <> 'XX') NOT VALID");
        playground.send(List.of(Events.login("refused", IP, DEVICE).replace("RU", "XX")));
        Ran run = keep(playground.sluice("run", "--max-batches", "1", "--log-level", "trace"));
        assertThat(run.lastLine()).startsWith("received 1 = stored 0 + duplicates 0 + quarantined 1 + released 0,");
        assertThat(playground.query("SELECT sqlstate FROM sluice.quarantine WHERE reason = 'refused-by-database'"))
                .containsExactly("23514");
        call("quarantine", "list");
    }

    /** What is asked for in clear, by somebody who pastes values where tokens belong too. */
    private void lookUp() {
        List<String> why = List.of("--reason", "INCIDENT", "--ticket", "CASE-7");
        for (String known : List.of(IP, IPV6 + "\n")) {
            keep(read(known, why, "find", "--ip", "-")).succeeded();
        }
        keep(read(DEVICE, why, "find", "--column", "masked_device_id", "-")).succeeded();
        for (String unfit : List.of(IP + "/24", "[" + IPV6 + "]:80")) {
            keep(read(unfit, why, "find", "--ip", "-")).refused(ExitCode.USAGE);
        }
        Ran pasted = read(IP + "\n" + DEVICE + "\n", why, "unmask", "-");
        assertThat(pasted.exitCode()).isEqualTo(ExitCode.DATA);
        output.append(pasted.err());
        keep(read(DEVICE + "\n", why, "unmask", "request", "-"));
        call("audit", "list");
        call("audit", "verify");
        call("unmask", "requests");
    }

    private Ran read(String input, List<String> more, String... command) {
        List<String> args = new ArrayList<>(List.of("--log-level", "trace"));
        args.addAll(List.of(command));
        args.addAll(more);
        return playground.sluiceReading(input, args.toArray(String[]::new));
    }

    private void changeKeys() {
        String field = "user-logins.masked_ip";
        call("keys", "add", field);
        String added = KeysetFile.at(playground.keys).read().list().stream()
                .filter(key -> key.field().equals(field) && !key.primary())
                .map(KeyInfo::hexId)
                .findFirst()
                .orElseThrow();
        call("keys", "promote", added);
        call("rewrap");
        call("assess", "--seconds", "1");
        keep(playground.sluice("rewrap", "--from", "sha256", "--network", "198.51.100.0/30", "--log-level", "trace"));
    }

    private void eraseAndRetain() {
        keep(read(
                DEVICE,
                List.of("--ticket", "CASE-8", "--dry-run", "--reason", "DSAR"),
                "erase",
                "--column",
                "masked_device_id",
                "--user-id",
                "-"));
        keep(read(IP + "\n", List.of("--ticket", "CASE-8"), "erase", "--column", "masked_ip", "--user-id", "-"));
        call("retain", "--older-than", "400d", "--dry-run");
    }

    private void call(String... args) {
        String[] traced = new String[args.length + 2];
        traced[0] = "--log-level";
        traced[1] = "trace";
        System.arraycopy(args, 0, traced, 2, args.length);
        keep(playground.sluice(traced)).succeeded();
    }

    private Ran keep(Ran ran) {
        output.append(ran.out()).append(ran.err());
        return ran;
    }

    /** Every row of every table as text, binary columns in hex. */
    private String tables() {
        StringBuilder rows = new StringBuilder();
        List<String> names = playground.query("SELECT format('%I.%I', table_schema, table_name) FROM"
                + " information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')");
        assertThat(names).contains("public.user_logins", "sluice.quarantine", "sluice.ledger");
        for (String name : names) {
            playground.query("SELECT t::text FROM " + name + " t").forEach(row -> rows.append(row)
                    .append('\n'));
        }
        return rows.toString();
    }

    private String serverLog() {
        String log = playground
                .administrator()
                .query("SELECT pg_read_file('server.log')")
                .getFirst();
        assertThat(log).contains("user_logins_locale_check");
        return log;
    }
}
