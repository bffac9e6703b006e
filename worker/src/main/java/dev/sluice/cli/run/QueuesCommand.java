package dev.sluice.cli.run;

import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Part;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.pipeline.Source.Depth;
import dev.sluice.sqs.QueueOverview;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice queues}. */
@Command(
        name = "queues",
        header = "Lists the queues with the number of their messages.",
        description = {
            "Lists the queues of the credentials' account in the region, or of the emulator at the endpoint. The counts are"
                    + " SQS's own and approximate: waiting (visible), received and not yet deleted (in flight), and not yet"
                    + " to be received (delayed).",
            "",
            "Needs sqs:ListQueues, which a role that only runs the worker does not have, and sqs:GetQueueAttributes. A queue"
                    + " whose attributes may not be read is listed without counts; then the exit code is 77."
        },
        footer = {"Examples:", "  sluice queues", "  sluice queues --prefix login --output json"})
@CommandHelp(uses = {Part.PIPELINE, Part.QUEUE})
@ListOutput
public final class QueuesCommand extends CliCommand implements Callable<Integer> {

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only queues whose names begin with this.")
    @Nullable
    String prefix;

    @Override
    public Integer call() {
        List<QueueOverview> queues = assembly().queues(prefix);
        new Listing<QueueOverview>()
                .column("queue", QueueOverview::name)
                .column("visible", queue -> count(queue, Depth::visible))
                .column("in flight", "in_flight", queue -> count(queue, Depth::inFlight))
                .column("delayed", queue -> count(queue, Depth::delayed))
                .column("dead letters to", "dead_letters_to", QueuesCommand::deadLettersTo)
                .column("after receives", "max_receive_count", QueuesCommand::maxReceiveCount)
                .text("dead letters of", queue -> String.join(", ", queue.deadLettersOf()))
                .json("dead_letters_of", QueueOverview::deadLettersOf)
                .whole()
                .print(program(), queues);
        return queues.stream()
                .filter(queue -> queue.fault() != null)
                .findFirst()
                .map(this::incomplete)
                .orElse(ExitCode.DONE);
    }

    private int incomplete(QueueOverview queue) {
        InfrastructureException fault = Objects.requireNonNull(queue.fault());
        report("queue " + queue.name() + " is listed without counts: " + fault.getMessage());
        return ExitCode.of(fault.kind());
    }

    private static @Nullable Long count(QueueOverview queue, ToLongFunction<Depth> count) {
        return queue.depth() == null ? null : count.applyAsLong(queue.depth());
    }

    private static @Nullable String deadLettersTo(QueueOverview queue) {
        return queue.deadLetters() == null ? null : queue.deadLetters().queueName();
    }

    private static @Nullable Integer maxReceiveCount(QueueOverview queue) {
        return queue.deadLetters() == null ? null : queue.deadLetters().maxReceiveCount();
    }
}
