package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.QueueClient.Sent;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice send}. */
@Command(
        name = "send",
        header = "Sends the lines of a file to the queue, ten at a time.",
        description =
                "Each line of FILE (NDJSON) becomes a message, unchanged. If FILE is one JSON array, each of its elements"
                        + " becomes a message.",
        footer = {"Examples:", "  sluice send events.ndjson", "  zcat archive.gz | sluice send -"})
@CommandHelp(uses = {Part.PIPELINE, Part.QUEUE})
public final class SendCommand extends CliCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE|-", description = "The file, in UTF-8; - for standard input.")
    String file;

    @Option(names = "--group-id", paramLabel = "ID", description = "The message group ID, which a FIFO queue requires.")
    @Nullable
    String groupId;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        try (QueueClient queue = assembly.queueClient()) {
            Sent sent = MessageFile.read(console(), file, bodies -> send(queue, bodies), this::usageError);
            sent.refused()
                    .forEach(refused -> report("message " + refused.position() + " was refused: " + refused.code()));
            print(
                    new JsonLine()
                            .put("sent", sent.messages())
                            .put("refused", sent.refused().size()),
                    "Sent " + sent.messages() + " messages to " + assembly.queue() + ".");
            return sent.refused().isEmpty() ? ExitCode.DONE : ExitCode.DATA;
        }
    }

    private Sent send(QueueClient queue, Stream<MessageBody> bodies) {
        try (Progress progress = new Progress(console()).counting("messages")) {
            return queue.send(bodies.map(MessageBody::text).iterator(), groupId, progress::reached);
        }
    }
}
