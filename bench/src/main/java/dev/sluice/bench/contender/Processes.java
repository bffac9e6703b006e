package dev.sluice.bench.contender;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts processes of contenders with an environment of their own. Stateless. */
public final class Processes {

    /** What a program needs of the caller's environment; other variables may hold credentials or settings. */
    private static final List<String> KEPT = List.of("PATH", "HOME", "JAVA_HOME", "LANG", "TMPDIR");

    private Processes() {}

    /** @param log where standard output and standard error go; appended to */
    public static Process start(List<String> command, Map<String, String> environment, File log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        Map<String, String> kept = new HashMap<>(builder.environment());
        kept.keySet().retainAll(KEPT);
        builder.environment().clear();
        builder.environment().putAll(kept);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Waits for a process that has to succeed. */
    static void run(List<String> command, Map<String, String> environment, File log)
            throws IOException, InterruptedException {
        int code = start(command, environment, log).waitFor();
        if (code != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with exit code " + code + "; its output is in " + log);
        }
    }
}
