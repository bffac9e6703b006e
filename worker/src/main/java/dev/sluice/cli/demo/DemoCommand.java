package dev.sluice.cli.demo;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Part;
import dev.sluice.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "  sluice demo --keep       keep the servers running",
            "  sluice demo --pipeline my.yaml --messages my.ndjson"
        })
@CommandHelp(uses = Part.PIPELINE, settingsFile = false)
public final class DemoCommand extends CliCommand implements Runnable {

    @Option(names = "--messages", paramLabel = "FILE", description = "Send these (NDJSON) instead of the sample.")
    @Nullable
    Path messages;

    @Option(names = "--keep", description = "Keep the servers running until Ctrl-C, and show commands to try.")
    boolean keep;

    @Override
    public void run() {
        if (messages != null && (!Files.isReadable(messages) || Files.isDirectory(messages))) {
            throw usageError("--messages: " + messages + " cannot be read");
        }
        Sandbox.Provider provider = ServiceLoader.load(Sandbox.Provider.class)
                .findFirst()
                .orElseThrow(
                        () -> usageError(
                                "this installation does not include the embedded servers; run bin/sluice demo from a checkout"));
        CleanUp cleanUp = new CleanUp();
        try (cleanUp) {
            err().println("Starting PostgreSQL and an SQS server ...");
            Sandbox sandbox = cleanUp.closing(provider.start());
            Demo demo = new Demo(program(), new DemoEnvironment(program(), sandbox, cleanUp.temporaryFolder()));
            demo.play(messages, this::usageError);
            if (keep) {
                demo.explain();
                cleanUp.await();
            }
        } catch (RuntimeException e) {
            cleanUp.yieldToSignal();
            throw e;
        }
    }
}
