package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** On a pseudo-terminal of 80 columns, which {@code script} of util-linux makes. */
@EnabledIf("hasScript")
class TerminalIT {

    private static final int COLUMNS = 80;

    /** Colours, and "erase the line". */
    private static final String ESCAPES = "\u001b\\[[0-9;]*[mK]";

    private Playground playground;

    static boolean hasScript() throws InterruptedException {
        try {
            String help = new String(
                    new ProcessBuilder("script", "--version")
                            .start()
                            .getInputStream()
                            .readAllBytes(),
                    UTF_8);
            return help.contains("util-linux"); // that of BSD and macOS takes other options
        } catch (IOException missing) {
            return false;
        }
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder).set("TERM", "xterm");
        playground.send(Events.logins(20));
    }

    @Test
    void fitsEverythingToTheTerminalAndDrawsTheBarOnOneLine() throws Exception {
        String shown = terminal("run --until-empty", "doctor", "show", "show --wide", "--help");

        List<String> lines = shown.replaceAll(ESCAPES, "").lines().toList();
        List<String> wide = lines.stream()
                .dropWhile(line -> !line.equals("$ show --wide"))
                .takeWhile(line -> !line.equals("$ --help"))
                .toList();
        assertThat(lines).contains("$ run --until-empty", "$ doctor", "$ show", "$ show --wide", "$ --help");
        assertThat(wide).anyMatch(line -> line.length() > COLUMNS);
        assertThat(lines.subList(lines.indexOf("$ doctor"), lines.indexOf("$ show --wide")))
                .filteredOn(line -> !line.matches("\\d{4}-\\d\\d-\\d\\dT.*")) // the log
                .filteredOn(line -> line.strip().contains(" ")) // a path that is longer stands alone
                .filteredOn(line -> line.length() > COLUMNS)
                .isEmpty();
        assertThat(lines)
                .filteredOn(line -> line.contains(" records"))
                .as("one line, its last column free")
                .isNotEmpty()
                .allMatch(line -> line.length() < COLUMNS);
        assertThat(lines.subList(lines.indexOf("$ --help"), lines.size()))
                .allMatch(line -> line.length() <= COLUMNS)
                .contains("Common options:");
        assertThat(shown)
                .as("the bar is erased before other lines")
                .containsPattern("\\d+ (of \\d+ )?records[^\r\n]*\r\u001b\\[K")
                .as("colours")
                .contains("\u001b[32mpass\u001b[0m");
        assertThat(lines).anyMatch(line -> line.matches("\\d+ pass, \\d+ warn, 0 fail: a run would work"));
        assertThat(lines).anyMatch(line -> line.startsWith("received 20 = stored 20"));
    }

    /** Each command after a line that names it. */
    private String terminal(String... calls) throws IOException {
        List<String> program = playground.process().command();
        String java = program.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        java = java.replaceFirst("'-cp'", "-XX:TieredStopAtLevel=1 -Dsluice.interactive=true '-cp'");
        StringBuilder script = new StringBuilder("stty cols " + COLUMNS + " rows 24\n");
        for (String call : calls) {
            script.append("echo '$ ")
                    .append(call)
                    .append("'\n")
                    .append(java)
                    .append(' ')
                    .append(call)
                    .append('\n');
        }
        Path commands = playground.write("commands.sh", script.toString());
        ProcessBuilder builder = playground.process();
        builder.command("script", "-q", "-e", "-c", "sh " + commands, "/dev/null")
                .redirectErrorStream(true);
        builder.environment().remove("COLUMNS");
        Process process = builder.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }
}
