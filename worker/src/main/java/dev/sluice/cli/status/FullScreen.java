package dev.sluice.cli.status;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.PrintableStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole terminal, drawn over again and again, until this is closed: then it shows what it showed before, and reads lines
 * again. Uses the control sequences of xterm that every terminal of today knows, and {@code stty}. Used by one thread; it may
 * be closed by any.
 */
final class FullScreen implements AutoCloseable {

    private static final File TERMINAL = new File("/dev/tty");

    /** Another screen (xterm, 1049), no cursor (DECTCEM), and lines that are too long are cut (DECAWM). */
    private static final String OPEN = "\u001b[?1049h\u001b[?25l\u001b[?7l";

    private static final String CLOSE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String ERASE_TO_END_OF_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final PrintStream out;
    private final String modes;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private final Thread atExit = new Thread(this::restore, "restore-terminal");

    private FullScreen(PrintStream out, String modes) {
        this.out = out;
        this.modes = modes;
        // A signal that is not ours, or an error, must not leave a terminal that echoes nothing.
        Runtime.getRuntime().addShutdownHook(atExit);
        print(OPEN);
    }

    /** Empty if the output is not a terminal that can do this. Keys are then read as they are typed, and not echoed. */
    static Optional<FullScreen> open(Console console) {
        boolean capable = console.interactive()
                && !console.environment().getOrDefault("TERM", "dumb").equals("dumb");
        return capable ? stty("-g").flatMap(modes -> open(console, modes.strip())) : Optional.empty();
    }

    /** Ctrl-Z is off: a shell would be left with our screen. */
    private static Optional<FullScreen> open(Console console, String modes) {
        return stty("-icanon", "-echo", "min", "1", "time", "0", "susp", "undef")
                .map(done -> new FullScreen(PrintableStream.behind(console.out()), modes));
    }

    /** Shows these lines, which may hold control sequences, and nothing else. */
    void draw(List<String> lines) {
        print(HOME + String.join(ERASE_TO_END_OF_LINE + "\r\n", lines) + ERASE_TO_END_OF_LINE + ERASE_BELOW);
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }

    @Override
    public void close() {
        restore();
        if (!Thread.currentThread().equals(atExit)) {
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyEnding) {
            // the hook finds nothing left to do
        }
    }

    private void restore() {
        if (isOpen.getAndSet(false)) {
            print(CLOSE);
            stty(modes);
        }
    }

    /** What it printed; empty if it failed. */
    private static Optional<String> stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        try {
            Process stty = new ProcessBuilder(command)
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String printed = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return stty.waitFor() == 0 ? Optional.of(printed) : Optional.empty();
        } catch (IOException noTerminal) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
