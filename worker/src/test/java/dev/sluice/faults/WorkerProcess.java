package dev.sluice.faults;

import dev.sluice.ShortProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker in a JVM of its own, which can be treated as badly as a process can be. */
final class WorkerProcess implements AutoCloseable {

    /** What no worker should need, on a machine that does other things too. */
    private static final long PATIENCE_SECONDS = 300;

    private static final Pattern BALANCE = Pattern.compile("\\{\"received\":(\\d+),\"stored\":(\\d+),"
            + "\"duplicates\":(\\d+),\"quarantined\":(\\d+),\"released\":(\\d+),.*");

    /** The last line of a run. */
    record Balance(long received, long stored, long duplicates, long quarantined, long released) {
        boolean isEven() {
            return received == stored + duplicates + quarantined + released;
        }
    }

    private final String name;
    private final Process process;
    private final Path output;

    private WorkerProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Starts it; standard output and error go to one file. Its AWS access key id is its name, by which a proxy knows it. */
    static WorkerProcess start(Map<String, String> environment, Path output, List<String> jvm, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ShortProcess.JAVA_OPTIONS);
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.sluice.Main"));
        command.addAll(args);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG).*"));
        builder.environment().putAll(environment);
        try {
            return new WorkerProcess(environment.getOrDefault("AWS_ACCESS_KEY_ID", ""), builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which signs its calls to SQS. */
    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal by its name: TERM, KILL, STOP, CONT. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end; 128 and the number of the signal that ended it. */
    int exitCode() {
        return exitCodeWithin(PATIENCE_SECONDS);
    }

    /** The same, for one that must have ended by then. */
    int exitCodeWithin(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("the worker did not end within " + seconds + " s:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** All it has printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has reported by now that the circuit breaker has opened. */
    boolean hasPausedReceiving() {
        return output().contains("Receiving pauses");
    }

    boolean hasBalance() {
        return output().lines().anyMatch(line -> BALANCE.matcher(line).matches());
    }

    Balance summary() {
        String line = output().lines()
                .filter(candidate -> BALANCE.matcher(candidate).matches())
                .findFirst()
                .orElse("");
        Matcher figures = BALANCE.matcher(line);
        if (!figures.matches()) {
            throw new AssertionError(String.format(Locale.ROOT, "no balance in:%n%s", output()));
        }
        return new Balance(
                number(figures, 1), number(figures, 2), number(figures, 3), number(figures, 4), number(figures, 5));
    }

    private static long number(Matcher figures, int group) {
        return Long.parseLong(figures.group(group));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
