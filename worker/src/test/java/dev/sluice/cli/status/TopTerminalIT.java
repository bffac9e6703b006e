package dev.sluice.cli.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice top} on a pseudo-terminal of 80 columns and 24 rows, which {@code script} of util-linux makes. */
@EnabledIf(value = "hasScript", disabledReason = "script of util-linux is not installed")
@Timeout(120)
class TopTerminalIT {

    private static final String CTRL_C = "\u0003";
    private static final String OPENED = "\u001b[?1049h";
    private static final String CLOSED = "\u001b[?25h\u001b[?1049l";

    @TempDir
    Path folder;

    static boolean hasScript() throws IOException {
        try {
            Process version = new ProcessBuilder("script", "--version").start();
            return new String(version.getInputStream().readAllBytes(), UTF_8).contains("util-linux");
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void endsByQAndByCtrlCAndLeavesTheTerminalAsItWas() throws Exception {
        try (HealthPort port = HealthPort.of(Statuses.running());
                Terminal terminal =
                        terminal(Map.of(), "--url " + port.url(), "--url " + port.url() + " --color never")) {
            String colored = terminal.until("q quits");
            terminal.type("xq");
            String plain = terminal.until("q quits");
            terminal.type(CTRL_C);
            String after = terminal.rest();

            assertThat(colored).contains(OPENED, "\u001b[32mstate         running for 59 min 50 s\u001b[0m\u001b[K");
            assertThat(plain)
                    .contains(CLOSED, "ended with 0", OPENED, "state         running for 59 min 50 s\u001b[K")
                    .doesNotContain("state         running for 59 min 50 s\u001b[0m");
            assertThat(after).contains(CLOSED, "ended with 0").contains(" icanon ", " echo ", "susp = ^Z");
            assertThat(after.substring(after.indexOf(CLOSED))).doesNotContain("\u001b[K");
        }
    }

    @Test
    void keepsTryingWhenTheWorkerIsGone() throws Exception {
        HealthPort port = HealthPort.of(Statuses.running());
        try (port;
                Terminal terminal = terminal(Map.of("NO_COLOR", "1"), "--url " + port.url())) {
            terminal.until("q quits");
            port.close();
            String gone = terminal.until("Trying again");
            terminal.type("q");

            assertThat(gone).contains("state         no answer: ").doesNotContain("\u001b[3", "\u001b[2m");
            assertThat(terminal.rest()).contains(CLOSED, "ended with 0");
        }
    }

    @Test
    void printsLinesOnADumbTerminal() throws Exception {
        try (HealthPort port = HealthPort.of(Statuses.running());
                Terminal terminal = terminal(Map.of("TERM", "dumb"), "--count 2 --every 100ms --url " + port.url())) {
            String shown = terminal.rest();

            assertThat(shown).doesNotContain("\u001b").contains("ended with 0");
            assertThat(shown.lines().filter(line -> line.contains("running, stored 412/s, age p99 410 ms")))
                    .hasSize(2);
        }
    }

    /** @param calls the options of one {@code top} after the other */
    private Terminal terminal(Map<String, String> environment, String... calls) throws IOException {
        String java = "'" + Path.of(System.getProperty("java.home"), "bin", "java")
                + "' -XX:TieredStopAtLevel=1 -Dsluice.interactive=true -cp '" + System.getProperty("java.class.path")
                + "' dev.sluice.Main top ";
        // The interrupt of the terminal is for every process that runs on it.
        StringBuilder script = new StringBuilder("trap : INT\nstty rows 24 cols 80\n");
        for (String call : calls) {
            script.append(java).append(call).append("\necho \"ended with $?\"\n");
        }
        script.append("stty -a\n");
        Path file = Files.writeString(folder.resolve("top.sh"), script);
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("env", "--default-signal=INT", "script", "-q", "-c", "sh " + file, "/dev/null"))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(SLUICE|AWS|PG).*|NO_COLOR|COLUMNS|LINES"));
        builder.environment().put("TERM", "xterm");
        builder.environment().putAll(environment);
        return new Terminal(builder.start());
    }

    /** A terminal that somebody looks at and types on. */
    private record Terminal(Process process) implements AutoCloseable {

        /** What is shown from now on, up to and including a text. */
        String until(String text) throws IOException {
            StringBuilder shown = new StringBuilder();
            InputStream screen = process.getInputStream();
            while (shown.indexOf(text) < 0) {
                int next = screen.read();
                assertThat(next).as("the terminal shows %s", shown).isNotNegative();
                shown.append((char) next);
            }
            return shown.toString();
        }

        void type(String keys) throws IOException {
            OutputStream keyboard = process.getOutputStream();
            keyboard.write(keys.getBytes(UTF_8));
            keyboard.flush();
        }

        String rest() throws IOException, InterruptedException {
            String shown = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return shown;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
