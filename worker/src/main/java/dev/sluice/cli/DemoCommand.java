package dev.sluice.cli;

import dev.sluice.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;

/** {@code sluice demo}: starts the sandbox and hands over to {@link Demo}. */
@Command(
        name = "demo",
        header = "Shows the whole job on a queue and a database of its own, in this process.",
        description = {
            "",
            "Starts PostgreSQL and an SQS server on free ports, sends the sample queue's 100 login events (one of them",
            "bad), runs the same code as sluice run, and shows what came of it. Needs nothing installed, touches nothing",
            "else, and leaves nothing behind. Of the settings only pipeline and log level count, by flag or environment.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice demo",
            "  sluice demo --keep                                  stay up, to play with",
            "  sluice demo --pipeline my.yaml --messages my.ndjson try your own pipeline"
        })
final class DemoCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Option(names = "--messages", paramLabel = "FILE", description = "Send these (NDJSON) instead of the sample.")
    @Nullable
    Path messages;

    @Option(names = "--keep", description = "Stay up afterwards, with commands to try, until Ctrl-C.")
    boolean keep;

    @Override
    public Integer call() {
        if (messages != null && (!Files.isReadable(messages) || Files.isDirectory(messages))) {
            throw new ParameterException(sluice.command.commandLine(), "--messages: " + messages + " cannot be read");
        }
        Iterator<Sandbox.Provider> providers =
                ServiceLoader.load(Sandbox.Provider.class).iterator();
        if (!providers.hasNext()) {
            throw new ParameterException(
                    sluice.command.commandLine(),
                    "demo: this installation is without the embedded servers; run bin/sluice demo from a checkout");
        }
        CleanUp ending = new CleanUp();
        try (ending) {
            sluice.console().err().println("Starting PostgreSQL and an SQS server ...");
            Sandbox sandbox = ending.closing(providers.next().start());
            Demo demo = new Demo(sluice, sandbox, ending.temporaryFolder());
            demo.play(messages);
            if (keep) {
                demo.explain();
                ending.await();
            }
            return ExitCode.DONE;
        } catch (RuntimeException e) {
            ending.yieldToSignal();
            throw e;
        }
    }
}
