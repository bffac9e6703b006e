package dev.sluice.badinput;

import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prints how long one map of each of the largest bodies takes, warm: the table of docs/reports/bad-input.md. A program,
 * not a test, because a build must not fail when its machine is busy.
 */
final class SlowestBodies {

    private static final Instant SENT_AT = Instant.parse("2026-03-01T12:00:00Z");
    /** Processor time, so that whatever else the machine does is not measured. */
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private static final int WARM_UP = 20;
    private static final int TRIES = 21;
    private static final int MIB = 1 << 20;

    /** Just below what gzip may unpack to, the event's other fields included. */
    private static final int UNPACKED = 8 * MIB - 1_024;

    private static final Mapper PLAIN = mapper("corpus");
    private static final Mapper SNS = mapper("corpus-sns");
    private static final Mapper GZIP = mapper("corpus-gzip");

    private SlowestBodies() {}

    public static void main(String[] args) {
        System.out.println("| body | KiB | outcome | median ms | slowest ms |");
        System.out.println("|---|---|---|---|---|");
        plain("a text of 1 MiB that no column reads", event("other", filled("\"", "x", "\"")));
        plain("a text of 1 MiB, stored", event("note", filled("\"", "x", "\"")));
        plain("a text of 1 MiB of emoji, stored", event("note", filled("\"", "😀", "\"")));
        plain("a text of 1 MiB of escapes, stored", event("note", filled("\"", "\\u00e9", "\"")));
        plain(
                "a text of 1 MiB of escaped quotation marks, stored as jsonb",
                event("extra", filled("\"", "\\\"", "\"")));
        plain("a text of 1 MiB for a masked column", event("device_id", filled("\"", "9", "\"")));
        plain("a text of 1 MiB for a keyed hash", event("email", filled("\"", "a", "\"")));
        plain("a text of 1 MiB for an address", event("ip", filled("\"", "1.", "\"")));
        plain("a text of 1 MiB for a version", event("app_version", filled("\"", "9", "\"")));
        plain("a text of 1 MiB for a timestamp", event("happened", filled("\"2023-01-01T00:00:00.", "0", "Z\"")));
        plain("a name of 1 MiB", filled("{\"", "k", "\":1}"));
        plain("100,000 arrays within each other", "[".repeat(100_000));
        plain("1,000,000 arrays within each other", "[".repeat(MIB - 1));
        plain(
                "17,000 arrays of 32 levels",
                event("other", "[" + filled("", "[".repeat(30) + "]".repeat(30) + ",", "0]")));
        plain("100,000 names", "{" + names(0, 100_000) + "}");
        plain("100,000 names, the last twice", "{" + names(0, 100_000) + ",\"99999\":1}");
        plain("the same name 100,000 times", filled("{", "\"k\":1,", "\"k\":1}"));
        plain("9,900 names for a jsonb column", event("extra", "{" + names(0, 9_900) + "}"));
        plain("65,536 records that are numbers", "[" + "0,".repeat(65_535) + "0]");
        plain("65,536 records without fields", "[" + "{},".repeat(65_535) + "{}]");
        plain("good records, 1 MiB", "[" + repeated(event("note", "\"x\"") + ",", MIB) + event("note", "\"x\"") + "]");
        plain("a number of 2,000 digits", event("amount", "9".repeat(2_000)));
        plain(
                "1,000 numbers of 1,000 digits for a jsonb column",
                event("extra", "[" + ("9".repeat(1_000) + ",").repeat(1_000) + "0]"));
        plain(
                "900 records, each with a number of 1,000 digits for numeric",
                "[" + repeated(event("amount", "0." + "9".repeat(990)) + ",", MIB) + "0]");
        time(
                "an SNS notification of 1 MiB of escapes",
                SNS,
                utf8(CaseText.notification(event("note", "\"" + "\\u00e9".repeat(MIB / 7 - 100) + "\""))));
        time(
                "gzip: a text of 8 MiB, stored",
                GZIP,
                utf8(CaseText.packed(event("note", "\"" + mixed(UNPACKED) + "\""))));
        time("gzip: 64 MiB of blanks", GZIP, utf8(CaseText.packed(" ".repeat(64 * MIB))));
        time(
                "gzip: an array of 1,100,000 numbers within an object",
                GZIP,
                utf8(CaseText.packed(event("other", "[" + tokens() + "0]"))));
        time("gzip: an object of 330,000 names", GZIP, utf8(CaseText.packed("{" + names(0, 330_000) + "}")));
        time(
                "gzip: an array around an object of 330,000 names",
                GZIP,
                utf8(CaseText.packed("[{" + names(0, 330_000) + "}]")));
        time("gzip: 65,535 good records", GZIP, utf8(CaseText.packed(records())));
        time("gzip: 39,000 empty members", GZIP, members());
    }

    private static String tokens() {
        return IntStream.range(0, 1_100_000)
                .mapToObj(i -> (i * 7919 % 1000) + ",")
                .collect(Collectors.joining());
    }

    private static String records() {
        return IntStream.range(0, 65_535)
                .mapToObj(i -> "{\"user_id\":\"user-" + (i * 7919L % 99_991)
                        + "\",\"ip\":\"198.51.100.7\",\"device_id\":\"" + i * 31L + "\",\"app_version\":\"2.3.0\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static byte[] members() {
        byte[] member = Base64.getDecoder().decode(CaseText.packed(""));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 39_000; i++) {
            bytes.writeBytes(member);
        }
        return Base64.getEncoder().encode(bytes.toByteArray());
    }

    private static String mixed(int length) {
        return IntStream.range(0, length / 8)
                .mapToObj(i -> String.format(Locale.ROOT, "%08x", (i / 32) * 0x9E3779B9))
                .collect(Collectors.joining());
    }

    private static String names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "\"" + i + "\":1").collect(Collectors.joining(","));
    }

    private static String repeated(String part, int bytes) {
        return part.repeat(bytes / part.length() - 1);
    }

    private static String filled(String start, String part, String end) {
        return start + part.repeat((MIB - 300) / part.getBytes(StandardCharsets.UTF_8).length) + end;
    }

    private static String event(String field, String json) {
        return new CaseText("slow").event(Map.of(field, json));
    }

    private static void plain(String what, String body) {
        time(what, PLAIN, utf8(body));
    }

    private static void time(String what, Mapper mapper, byte[] body) {
        for (int i = 0; i < WARM_UP; i++) {
            mapper.map("id", SENT_AT, body);
        }
        long[] nanos = new long[TRIES];
        for (int i = 0; i < TRIES; i++) {
            long started = THREAD.getCurrentThreadCpuTime();
            mapper.map("id", SENT_AT, body);
            nanos[i] = THREAD.getCurrentThreadCpuTime() - started;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %.1f | %.1f |%n",
                what,
                body.length >> 10,
                outcome(mapper.map("id", SENT_AT, body)),
                nanos[TRIES / 2] / 1e6,
                nanos[TRIES - 1] / 1e6);
    }

    private static String outcome(List<Outcome> outcomes) {
        String first = outcomes.getFirst() instanceof Rejection rejection
                ? "`" + rejection.reason().label() + "`"
                : "stored";
        return outcomes.size() == 1 ? first : String.format(Locale.ROOT, "%,d %s", outcomes.size(), first);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Mapper mapper(String pipeline) {
        Assembly assembly = new Assembly(SettingsReader.read(
                Map.of(Setting.PIPELINE, BadInputs.file(pipeline).toString()), null, Map.of()));
        return assembly.mapper(Keysets.ephemeral(assembly.requiredKeys()));
    }
}
