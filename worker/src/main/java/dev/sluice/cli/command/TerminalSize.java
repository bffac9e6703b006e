package dev.sluice.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of the terminal that this process runs on. Java has no call for it, so {@code stty} is asked, which every POSIX
 * system has: once, and again after the terminal was resized (SIGWINCH).
 */
record TerminalSize(int rows, int columns) {

    private static final File TERMINAL = new File("/dev/tty");
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("(\\d{1,5}) ([1-9]\\d{0,4})\\s*");

    private static final AtomicBoolean STALE = new AtomicBoolean(true);
    private static volatile Optional<TerminalSize> known = Optional.empty();

    /** Empty if there is no terminal or it does not know its width. Thread-safe. */
    static Optional<TerminalSize> now() {
        if (STALE.getAndSet(false)) {
            Signals.onResize(() -> STALE.set(true));
            known = ask();
        }
        return known;
    }

    private static Optional<TerminalSize> ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = ROWS_AND_COLUMNS.matcher(answer);
            return size.matches()
                    ? Optional.of(new TerminalSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))))
                    : Optional.empty();
        } catch (IOException noTerminal) {
            return Optional.empty();
        }
    }
}
