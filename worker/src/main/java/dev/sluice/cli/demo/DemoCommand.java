package dev.sluice.cli.demo;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.run.MessageFile;
import dev.sluice.cli.run.MessageFileException;
import dev.sluice.sandbox.Sandbox;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice demo}: starts the sandbox and runs {@link Demo} on it. */
@Command(
        name = "demo",
        header = "Shows everything on an embedded queue and database.",
        description = {
            "Starts PostgreSQL and an SQS server on free ports, sends the 100 login events of the sample queue (one of them"
                    + " invalid), runs the same code as sluice run, and shows the result. Needs nothing installed, touches"
                    + " nothing else, and leaves nothing behind.",
            "",
            "Of the settings, only pipeline and log level apply, as a flag or from the environment."
        },
        footer = {
            "Examples:",
            "  sluice demo",
            "  sluice demo --keep       look at a running worker in its console",
            "  sluice demo --pipeline my.yaml --messages my.ndjson"
        })
@CommandHelp(uses = Part.PIPELINE, settingsFile = false)
public final class DemoCommand extends CliCommand implements Runnable {

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            description = "Send the messages of this file, as sluice send would, instead of the sample.")
    @Nullable
    String messages;

    @Option(names = "--lines", description = "Take each line of FILE as a message, JSON or not.")
    boolean lines;

    @Option(
            names = "--keep",
            description =
                    "Keep the servers running until Ctrl-C, with a worker, its console and a few events per second, some of them bad.")
    boolean keep;

    @Override
    public void run() {
        try (MessageFile file = messages == null ? Demo.sample() : MessageFile.open(console(), messages, lines, 1)) {
            play(file);
        } catch (MessageFileException fault) {
            throw usageError("--messages: " + messages + ": " + fault.getMessage());
        }
    }

    private void play(MessageFile file) {
        Sandbox.Provider provider = ServiceLoader.load(Sandbox.Provider.class)
                .findFirst()
                .orElseThrow(
                        () -> usageError(
                                "this installation does not include the embedded servers; run bin/sluice demo from a checkout"));
        CleanUp cleanUp = new CleanUp();
        try (cleanUp) {
            err().println("Starting PostgreSQL and an SQS server ...");
            Sandbox sandbox = cleanUp.closing(provider.start());
            DemoEnvironment environment = new DemoEnvironment(program(), sandbox, cleanUp.temporaryFolder());
            Demo demo = new Demo(program(), environment);
            demo.play(file);
            if (keep) {
                demo.explain(LiveWorker.start(program(), environment, cleanUp));
                cleanUp.await();
            }
        } catch (RuntimeException e) {
            cleanUp.yieldToSignal();
            throw e;
        }
    }
}
