package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ShortProcess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the journeys of docs/journeys.md: their scripts run in a terminal of 80 columns, with {@code sluice} on the PATH,
 * and each takes the number of steps that the page says.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JourneysIT {

    private static final Path SCRIPTS = Document.root().resolve("examples/journeys");
    private static final int COLUMNS = 80;

    private final Path folder;
    private final Path bin;
    private final Path temporary;

    JourneysIT(@TempDir Path folder) {
        this.folder = folder;
        this.bin = folder.resolve("bin");
        this.temporary = folder.resolve("tmp");
    }

    /** PostgreSQL runs as another account where root has no namespaces: it must be able to pass. */
    @BeforeEach
    void putSluiceOnThePath() throws IOException {
        for (Path made : List.of(bin, temporary)) {
            Files.createDirectory(made);
        }
        for (Path passed : List.of(folder, temporary)) {
            Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Files.createSymbolicLink(bin.resolve("sluice"), Document.root().resolve("bin/sluice"));
        Path mvn = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void exercise() throws Exception {
        try (LoginSandbox login = LoginSandbox.startEmpty(folder)) {
            Screen screen = walk("exercise.sh", login.environment());

            assertThat(screen.text())
                    .contains("received 3 = stored 2 + duplicates 0 + quarantined 1 + released 0")
                    .endsWith("198.51.100.7");
        }
    }

    /** Ten records came under the old name, 93 under the new one; a run of yesterday would have stored all. */
    @Test
    void onCall() throws Exception {
        try (LoginSandbox login = LoginSandbox.startEmpty(folder)) {
            prepare(login);
            login.send(IntStream.range(0, 10).mapToObj(i -> event("u" + i, "device_id", 7)));
            login.send(IntStream.range(10, 40).mapToObj(i -> event("u" + i, "deviceId", 7)));
            succeed(login.environment(), "run", "--until-empty");

            Screen screen = walk("on-call.sh", login.environment());

            assertThat(screen.text()).contains("replayed 30 = stored 30 + duplicates 0 + rejected 0");
            assertThat(screen.text()).contains("deviceId").doesNotContain("000-00-");
        }
    }

    @Test
    void privacyOfficer() throws Exception {
        try (LoginSandbox login = LoginSandbox.startEmpty(folder)) {
            prepare(login);
            login.send(IntStream.range(0, 20).mapToObj(i -> event(i < 2 ? "u1" : "many", "device_id", i)));
            succeed(login.environment(), "run", "--until-empty");
            succeed(login.environment(), "migrate", "--roles");
            Map<String, String> people = new HashMap<>(login.environment());
            people.put("OFFICER", login.sandbox().createLogin("ann", "sluice_recovery"));
            people.put("COLLEAGUE", login.sandbox().createLogin("bob", "sluice_recovery"));
            people.put("OPERATOR", login.sandbox().createLogin("olaf", "sluice_operator"));

            Screen screen = walk("privacy-officer.sh", people);

            assertThat(screen.text()).contains("198.51.100.0", "000-00-0001", "Intact: ");
        }
    }

    @Test
    void ownEvents() throws Exception {
        Screen screen = walk("own-events.sh", Map.of());

        assertThat(screen.text())
                .contains("received 13 = stored 11 + duplicates 0 + quarantined 2 + released 0")
                .doesNotContain("ann@example.com", "192.0.2.10", "2001:db8:17::5", "Ann Example");
    }

    @Test
    void sha256Table() throws Exception {
        try (LoginSandbox login = LoginSandbox.startEmpty(folder)) {
            Map<String, String> script = new HashMap<>(login.environment());
            script.put("SLUICE_PIPELINE", "user-logins-sha256");
            script.put("SLUICE_KEYS", folder.resolve("script.keys.json").toString());
            succeed(script, "keys", "create", "--allow-cleartext-keys");
            succeed(script, "migrate");
            login.send(IntStream.range(0, 3).mapToObj(i -> event("u" + i, "device_id", 7)));
            succeed(script, "run", "--until-empty");

            Screen screen = walk("sha256-table.sh", login.environment());

            assertThat(screen.text()).endsWith("198.51.100.7");
        }
    }

    @Test
    void pageNamesEveryJourney() throws IOException {
        List<String> named = Document.read("docs/journeys.md").table().stream()
                .map(row -> row.getFirst().replaceFirst(".*/(.*\\.sh)\\).*", "$1"))
                .toList();

        try (Stream<Path> files = Files.list(SCRIPTS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".sh") && !name.equals("journey.sh")))
                    .containsExactlyInAnyOrderElementsOf(named);
        }
    }

    // --- before a journey

    private static void prepare(LoginSandbox login) {
        succeed(login.environment(), "keys", "create", "--allow-cleartext-keys");
        succeed(login.environment(), "migrate");
    }

    private static void succeed(Map<String, String> environment, String... args) {
        InProcess run = InProcess.run(environment, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    /** @param number the last part of its address and of its device's id */
    private static String event(String user, String deviceField, int number) {
        return """
                {"user_id":"%s","app_version":"2.3.0","device_type":"ios","ip":"198.51.100.%d","locale":null,\
                "%s":"000-00-%04d"}"""
                .formatted(user, number, deviceField, number);
    }

    // --- the journey

    /** Runs a script until it ends with 0; it takes the steps that the page says, and no line is wider than the terminal. */
    private Screen walk(String script, Map<String, String> environment) throws Exception {
        Path typescript = folder.resolve("typescript");
        ProcessBuilder builder = new ProcessBuilder(
                        "script",
                        "-qefc",
                        "stty rows 24 cols " + COLUMNS + "; exec sh '" + SCRIPTS.resolve(script) + "'",
                        typescript.toString())
                .directory(folder.toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeIf(name -> name.matches("(SLUICE|AWS|PG).*|NO_COLOR|COLUMNS|LINES"));
        variables.putAll(environment);
        variables.put("TERM", "xterm");
        variables.put("PATH", bin + ":" + variables.get("PATH"));
        // Training takes longer than it would save here.
        variables.put("SLUICE_CLASS_CACHE", "off");
        variables.put("SLUICE_JAVA_OPTS", ShortProcess.javaOptions("-Djava.io.tmpdir=" + temporary));
        Process process = builder.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(script).isTrue();
        Screen screen = Screen.of(Files.readString(typescript));
        assertThat(process.exitValue()).as("%s%n%s", script, screen.text()).isZero();
        assertThat(screen.steps()).as(script).isEqualTo(stepsOnThePage(script));
        assertThat(screen.tooWide()).as(script).isEmpty();
        return screen;
    }

    private static long stepsOnThePage(String script) {
        return Document.read("docs/journeys.md").table().stream()
                .filter(row -> row.getFirst().contains(script))
                .map(row -> Long.valueOf(row.get(1)))
                .findFirst()
                .orElseThrow();
    }

    /** @param lines as the terminal got them, without what controls it; a line that is redrawn counts once per drawing */
    private record Screen(List<String> lines) {

        static Screen of(String typescript) {
            List<String> lines = new ArrayList<>(Arrays.asList(typescript
                    .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]", "")
                    .split("[\r\n]+", -1)));
            lines.removeIf(
                    line -> line.isBlank() || line.startsWith("Script started") || line.startsWith("Script done"));
            return new Screen(lines);
        }

        String text() {
            return String.join("\n", lines);
        }

        long steps() {
            return lines.stream().filter(line -> line.matches("[0-9]+\\. .*")).count();
        }

        /** What is drawn in columns: tables and bars. Sentences and log lines wrap by themselves. */
        List<String> tooWide() {
            return lines.stream()
                    .filter(line ->
                            (line.startsWith("  ") && line.strip().contains("  ")) || line.matches(".*[0-9] ?%.*/s.*"))
                    .filter(line -> line.codePointCount(0, line.length()) > COLUMNS)
                    .toList();
        }
    }
}
