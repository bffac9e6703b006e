package dev.sluice.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The width of the terminal that this process runs on. Java has no call for it, so {@code stty} is asked, which every POSIX
 * system has: once, and again after the terminal was resized (SIGWINCH). Thread-safe.
 */
final class TerminalWidth {

    private static final File TERMINAL = new File("/dev/tty");
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ ([1-9]\\d{0,4})\\s*");

    private static final AtomicBoolean STALE = new AtomicBoolean(true);
    private static volatile OptionalInt known = OptionalInt.empty();

    private TerminalWidth() {}

    /** In columns; empty if there is no terminal or it does not know its size. */
    static OptionalInt columns() {
        if (STALE.getAndSet(false)) {
            Signals.onResize(() -> STALE.set(true));
            known = ask();
        }
        return known;
    }

    private static OptionalInt ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = ROWS_AND_COLUMNS.matcher(answer);
            return size.matches() ? OptionalInt.of(Integer.parseInt(size.group(1))) : OptionalInt.empty();
        } catch (IOException noTerminal) {
            return OptionalInt.empty();
        }
    }
}
