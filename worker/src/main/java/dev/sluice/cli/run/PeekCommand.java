package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.CountOption;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.OutputFormat;
import dev.sluice.cli.command.Paragraph;
import dev.sluice.cli.command.Part;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.output.JsonLine;
import dev.sluice.output.StoredValues;
import dev.sluice.output.TerminalText;
import dev.sluice.pipeline.Message;
import dev.sluice.sqs.QueueClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice peek}. */
@Command(
        name = "peek",
        aliases = "tail",
        header = "Shows messages of the queue as masked rows, and returns them to the queue.",
        description =
                "A message that would be rejected is shown with the reason. Nothing is stored or deleted, but each message's"
                        + " receive count goes up by one: with a redrive policy, peeking moves messages closer to the"
                        + " dead-letter queue.")
@CommandHelp(uses = {Part.PIPELINE, Part.QUEUE, Part.KEYS})
@ListOutput
public final class PeekCommand extends CliCommand implements Runnable {

    @Mixin
    CountOption count;

    @Override
    public void run() {
        int limit = count.atLeast(1);
        Assembly assembly = assembly();
        Mapper mapper = assembly.mapper(assembly.keysets());
        try (QueueClient queue = assembly.queueClient()) {
            queue.peek(
                    limit,
                    assembly.spec().attributes(),
                    messages -> print(assembly.spec().columns(), mapper, messages));
        }
    }

    private void print(List<Column> columns, Mapper mapper, List<Message> messages) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<Runnable> rejections = new ArrayList<>();
        for (Message message : messages) {
            for (Outcome outcome : mapper.map(message.id(), message.sentAt(), message.body(), message.attributes())) {
                switch (outcome) {
                    case Row row ->
                        rows.add(IntStream.range(0, row.width())
                                .mapToObj(i -> shown(columns.get(i), row.value(i)))
                                .toList());
                    case Rejection rejection -> rejections.add(() -> print(message, rejection));
                }
            }
        }
        if (!rows.isEmpty() || program().format() == OutputFormat.csv) {
            Listing.ofRows(columns.stream().map(Column::name).toList()).print(program(), rows);
        }
        rejections.forEach(Runnable::run);
        if (messages.isEmpty()) {
            err().println("The queue shows no messages.");
        }
    }

    /** JSON arrives as the text that PostgreSQL takes. */
    private static @Nullable Object shown(Column column, @Nullable Object value) {
        return value instanceof String text ? StoredValues.of(column.type().sql(), text) : value;
    }

    private void print(Message message, Rejection rejection) {
        String text = "message " + TerminalText.escape(message.id()) + " would be quarantined: "
                + CheckCommand.text(rejection);
        if (program().format() == OutputFormat.csv) {
            report(text);
            return;
        }
        print(
                new JsonLine()
                        .put("message", message.id())
                        .put("rejected", rejection.reason().label())
                        .put("column", rejection.column()),
                "  " + String.join("\n", Paragraph.lines(text, 2, program().tableWidth())));
    }
}
