package dev.sluice.cli.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cli.Sluice;
import dev.sluice.cli.command.Console;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** What a command did that ran in this JVM, without a terminal. */
record Called(int exitCode, String out, String err) {

    static Called sluice(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of(),
                false);
        int exitCode = Sluice.run(console, args);
        return new Called(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
