package dev.sluice.cli.demo;

import dev.sluice.access.AccessToken;
import dev.sluice.app.Assembly;
import dev.sluice.app.RunMode;
import dev.sluice.app.Worker;
import dev.sluice.cli.command.Program;
import dev.sluice.cli.ports.Ports;
import dev.sluice.console.ConsoleRoutes;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.ShutdownSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker of {@code sluice demo --keep}, with its ports and, for the exercise's pipeline, events to process. */
final class LiveWorker {

    private static final Logger LOG = LoggerFactory.getLogger(LiveWorker.class);

    /** The next event ends an open long poll; then the worker drains at once. */
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(3);

    private final Assembly assembly;
    private final Trickle trickle;
    private final Worker worker;
    private final ConsoleRoutes console;
    private final Ports ports;
    private final String token;
    private final ShutdownSignal shutdown = new ShutdownSignal();
    private final Thread thread;

    private LiveWorker(Assembly assembly, String token) {
        this.assembly = assembly;
        this.token = token;
        this.worker = Worker.open(assembly);
        this.console = new ConsoleRoutes(assembly, worker.figures(), worker::fieldSuspicions);
        this.ports = Ports.open(assembly.settings(), worker, console::addTo, false);
        this.trickle = new Trickle(assembly);
        this.thread = Thread.ofVirtual().name("demo-worker").start(this::run);
    }

    /** Starts all of it, to be closed before the sandbox. */
    static LiveWorker start(Program program, DemoEnvironment environment, CleanUp cleanUp) {
        String token = AccessToken.generate();
        LiveWorker started = new LiveWorker(environment.withPorts(token), token);
        cleanUp.closingFirst(started::close);
        return started;
    }

    private void run() {
        try {
            worker.run(RunMode.continuous(), shutdown);
        } catch (InfrastructureException failure) {
            LOG.error("The worker of the demo ended: {}", failure.getMessage());
        }
    }

    /** Where to look, and what happens; sentences and addresses for a terminal. */
    List<String> explain() {
        List<String> lines = new ArrayList<>();
        ports.console().ifPresent(port -> lines.add("Console  http://localhost:" + port + "/"));
        lines.add("Token    " + token + "   (operator; the console asks for it once)");
        ports.health().ifPresent(port -> lines.add("Health   http://localhost:" + port + "/readyz, /metrics, /status"));
        lines.add(
                trickle.isFlowing()
                        ? "A worker stores a few events per second. Some are bad, and some have a renamed field."
                        : "A worker waits for events of pipeline "
                                + assembly.spec().name() + ": send them as below.");
        return lines;
    }

    private void close() {
        shutdown.request();
        try {
            if (!thread.join(LONGEST_DRAIN)) {
                LOG.debug("The worker of the demo still waits for a message.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trickle.close();
        ports.close();
        console.close();
        worker.close();
    }
}
