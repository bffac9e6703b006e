package dev.sluice.docs;

import dev.sluice.cli.Sluice;
import dev.sluice.cli.command.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What one command did that ran in this JVM. */
record InProcess(int exitCode, String out, String err) {

    static InProcess run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false);
        int exitCode = Sluice.run(console, args);
        return new InProcess(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The last line of the output. */
    String lastLine() {
        return out.lines().reduce("", (earlier, later) -> later);
    }
}
