package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.Progress;
import dev.sluice.cli.command.Signals;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.output.JsonLine;
import dev.sluice.sqs.QueueClient;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice send}. */
@Command(
        name = "send",
        header = "Sends the messages of a file to the queue, ten at a time.",
        description = {
            "Each JSON value of FILE becomes a message, as it stands in the file: a line (NDJSON), an object on several"
                    + " lines, or several of these one after another. If FILE is one JSON array, each of its elements"
                    + " becomes a message. With --lines, each line that is not blank becomes a message, JSON or not.",
            "",
            "If it ends early, it reports how many messages were sent and from which line to continue: after Ctrl-C (exit"
                    + " 130), when the queue is unavailable (69), or at a line that is not JSON (2)."
        },
        footer = {
            "Examples:",
            "  sluice send events.ndjson",
            "  zcat archive.gz | sluice send -",
            "  sluice send --from-line 4711 events.ndjson"
        })
@CommandHelp(uses = {Part.PIPELINE, Part.QUEUE})
public final class SendCommand extends CliCommand implements Callable<Integer> {

    @Mixin
    MessageFileOptions input;

    @Mixin
    AttributeOptions attributes;

    @Option(names = "--group-id", paramLabel = "ID", description = "The message group ID, which a FIFO queue requires.")
    @Nullable
    String groupId;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        attributes.value(); // a mistake is reported before anything is opened
        try (QueueClient queue = assembly.queueClient();
                MessageFile file = input.open(console())) {
            return send(assembly.queue(), queue, file);
        }
    }

    private int send(String queueName, QueueClient queue, MessageFile file) {
        Progress progress = new Progress(console()).counting("messages");
        file.share().ifPresent(progress::measuredBy);
        BodyFeed feed = new BodyFeed(file, progress::reached, this::report);
        AtomicInteger signal = new AtomicInteger();
        Signals.onStop(exitCode -> {
            signal.set(exitCode);
            feed.stop(() -> {
                endEarly(queueName, feed, "interrupted.", exitCode);
                Runtime.getRuntime().halt(console().exitCode(exitCode));
            });
        });
        try (progress) {
            queue.send(feed, groupId, attributes.value(), feed);
        } catch (MessageFileException fault) {
            throw broken(queueName, feed, file, fault);
        } catch (InfrastructureException failure) {
            if (feed.sent() == 0) {
                throw failure;
            }
            return endEarly(queueName, feed, failure.getMessage(), ExitCode.of(failure.kind()));
        }
        if (signal.get() != 0 && (feed.nextLine().isPresent() || feed.isOpenEnded())) {
            return endEarly(queueName, feed, "interrupted.", signal.get());
        }
        print(result(feed), sentence(queueName, feed));
        return feed.refused() == 0 ? ExitCode.DONE : ExitCode.DATA;
    }

    private int endEarly(String queueName, BodyFeed feed, String why, int exitCode) {
        OptionalLong nextLine = feed.nextLine();
        print(
                result(feed).put("next_line", nextLine.isPresent() ? nextLine.getAsLong() : null),
                sentence(queueName, feed));
        report(why + feed.resumption(nextLine));
        return exitCode;
    }

    /** What the queue got before the fault stays there. */
    private ParameterException broken(String queueName, BodyFeed feed, MessageFile file, MessageFileException fault) {
        if (feed.sent() == 0) {
            return input.usageError(file.name(), fault, " Nothing was sent.");
        }
        OptionalLong nextLine = OptionalLong.of(feed.firstUnsettledLine().orElse(fault.line()));
        print(result(feed).put("next_line", nextLine.getAsLong()), sentence(queueName, feed));
        return input.usageError(file.name(), fault, " Correct it first." + feed.resumption(nextLine));
    }

    private static JsonLine result(BodyFeed feed) {
        return new JsonLine().put("sent", feed.sent()).put("refused", feed.refused());
    }

    private static String sentence(String queueName, BodyFeed feed) {
        return "Sent " + Counted.of(feed.sent(), "message") + " to " + queueName + ".";
    }
}
