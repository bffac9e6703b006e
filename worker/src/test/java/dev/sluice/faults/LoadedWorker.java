package dev.sluice.faults;

import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.cli.ports.Ports;
import dev.sluice.config.Settings;
import dev.sluice.config.SettingsReader;
import dev.sluice.console.ConsoleRoutes;
import dev.sluice.failure.ShutdownSignal;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A worker in a JVM of its own that stays warm while its ports are closed and opened again: two processes would differ by
 * what their compilers made of them, which is more than what is to be measured. Its program is put together as {@code
 * sluice run} does it. Used by one thread.
 */
final class LoadedWorker implements AutoCloseable {

    /** Before what it answers; the rest of its output is the log. */
    private static final String ANSWER = "> ";

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;

    private LoadedWorker(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** What storing so many messages took. */
    record Effort(int messages, Duration cpu, Duration time) {

        double cpuMicrosPerMessage() {
            return cpu.toNanos() / 1e3 / messages;
        }

        double messagesPerSecond() {
            return messages / (time.toNanos() / 1e9);
        }
    }

    /** The numbers of both ports. */
    record Open(int health, int console) {}

    static LoadedWorker start(Map<String, String> environment, File log) {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadedWorker.class.getName())
                .redirectError(log);
        builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG).*"));
        builder.environment().putAll(environment);
        try {
            return new LoadedWorker(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens both ports. */
    Open open() {
        String[] ports = ask("open").split(" ", -1);
        return new Open(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }

    /** Closes both ports. */
    void shut() {
        ask("shut");
    }

    /** Runs until so many more messages are stored, and the queue is empty. */
    Effort run(int messages) {
        String[] nanos = ask("run " + messages).split(" ", -1);
        return new Effort(
                messages, Duration.ofNanos(Long.parseLong(nanos[0])), Duration.ofNanos(Long.parseLong(nanos[1])));
    }

    /** What its process has used so far. */
    Duration cpu() {
        return Duration.ofNanos(Long.parseLong(ask("cpu")));
    }

    private String ask(String command) {
        commands.println(command);
        try {
            String line = answers.readLine();
            while (line != null && !line.startsWith(ANSWER)) {
                System.out.println("worker: " + line);
                line = answers.readLine();
            }
            if (line == null) {
                throw new AssertionError("the worker ended at: " + command);
            }
            return line.substring(ANSWER.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        commands.close();
        process.destroyForcibly();
    }

    // --- in the other JVM

    /** Obeys one command per line until its input ends. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Settings settings = SettingsReader.read(Map.of(), null, System.getenv());
        Assembly assembly = new Assembly(settings);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Worker worker = Worker.open(assembly)) {
            Program program = new Program(settings, assembly, worker);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(ANSWER + program.obey(line.split(" ", -1)));
            }
        }
    }

    private static final class Program {

        private final Settings settings;
        private final Assembly assembly;
        private final Worker worker;
        private Runnable closePorts = () -> {};

        private Program(Settings settings, Assembly assembly, Worker worker) {
            this.settings = settings;
            this.assembly = assembly;
            this.worker = worker;
        }

        private String obey(String[] command) throws InterruptedException {
            return switch (command[0]) {
                case "open" -> open();
                case "shut" -> shut();
                case "cpu" -> Long.toString(used().toNanos());
                case "run" -> run(Integer.parseInt(command[1]));
                default -> throw new IllegalArgumentException(command[0]);
            };
        }

        private String open() {
            ConsoleRoutes console = new ConsoleRoutes(assembly, worker.figures(), worker::fieldSuspicions);
            Ports ports = Ports.open(settings, worker, console::addTo, false);
            closePorts = () -> {
                ports.close();
                console.close();
            };
            return ports.health().orElseThrow() + " " + ports.console().orElseThrow();
        }

        private String shut() {
            closePorts.run();
            return "shut";
        }

        /** What comes after the last commit, three looks at an empty queue, does not count. */
        private String run(int messages) throws InterruptedException {
            long goal = worker.summary().stored() + messages;
            long began = System.nanoTime();
            Duration cpu = used();
            CountDownLatch ended = new CountDownLatch(1);
            Thread.ofPlatform().name("run").start(() -> {
                worker.run(RunMode.untilEmpty(), new ShutdownSignal());
                ended.countDown();
            });
            while (worker.summary().stored() < goal && !ended.await(10, TimeUnit.MILLISECONDS)) {
                // looks again
            }
            String effort =
                    String.format(Locale.ROOT, "%d %d", used().minus(cpu).toNanos(), System.nanoTime() - began);
            ended.await();
            return effort;
        }

        private static Duration used() {
            return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        }
    }
}
