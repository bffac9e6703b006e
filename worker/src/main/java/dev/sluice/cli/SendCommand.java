package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.sqs.QueueClient;
import dev.sluice.sqs.QueueClient.Sent;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.JacksonException;

/** {@code sluice send}. */
@Command(
        name = "send",
        header = "Sends a file's lines to the queue, ten at a time.",
        description = {
            "",
            "Each line of FILE (NDJSON), or each element when FILE is one JSON array, becomes a message, as it stands.",
            ""
        },
        footer = {"", "Examples:", "  sluice send events.ndjson", "  zcat archive.gz | sluice send -"})
final class SendCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Parameters(paramLabel = "FILE|-", description = "The file, UTF-8; - for standard input.")
    String file;

    @Option(names = "--group-id", paramLabel = "ID", description = "The message group; a FIFO queue needs one.")
    @Nullable
    String groupId;

    @Override
    public Integer call() {
        Assembly assembly = sluice.assembly();
        try (QueueClient queue = assembly.queueClient();
                Reader reader = MessageFile.utf8(open())) {
            Sent sent = send(queue, reader);
            return report(assembly.queue(), sent);
        } catch (IOException | UncheckedIOException e) {
            throw unreadable("cannot be read as UTF-8 text");
        } catch (JacksonException e) {
            throw unreadable("begins as a JSON array, but breaks off or is no JSON; what stood before that was sent");
        }
    }

    private InputStream open() throws IOException {
        return file.equals("-") ? sluice.console().in() : Files.newInputStream(Path.of(file));
    }

    private Sent send(QueueClient queue, Reader reader) {
        if (!sluice.console().interactive()) {
            return queue.send(MessageFile.of(reader), groupId, sent -> {});
        }
        try (ProgressBar bar = Progress.bar(sluice.console(), "messages", -1)) {
            LongConsumer step = bar::stepTo;
            return queue.send(MessageFile.of(reader), groupId, step);
        }
    }

    private int report(String queue, Sent sent) {
        sent.refused().forEach(refused -> sluice.console()
                .err()
                .println("sluice: message " + refused.position() + " was refused: " + refused.code()));
        sluice.console()
                .out()
                .println(
                        sluice.json()
                                ? new JsonLine()
                                        .put("sent", sent.messages())
                                        .put("refused", sent.refused().size())
                                : "Sent " + sent.messages() + " messages to " + queue + ".");
        return sent.refused().isEmpty() ? ExitCode.DONE : ExitCode.DATA;
    }

    private ParameterException unreadable(String what) {
        return new ParameterException(sluice.command.commandLine(), file + " " + what);
    }
}
