package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.pipeline.Message;
import dev.sluice.sqs.QueueClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice peek}. */
@Command(
        name = "peek",
        header = "Shows messages of the queue as masked rows, and gives them back.",
        description = {
            "",
            "What would be rejected is shown with its reason. Nothing is stored or deleted, but each message counts as",
            "received once more: on a queue with a redrive policy, peeking brings messages nearer to the dead-letter queue.",
            ""
        })
final class PeekCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Parameters(paramLabel = "N", defaultValue = "10", description = "How many messages (${DEFAULT-VALUE}).")
    int count;

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(sluice.command.commandLine(), "N: at least 1 was expected");
        }
        Assembly assembly = sluice.assembly();
        Mapper mapper = assembly.mapper(assembly.keysets());
        try (QueueClient queue = assembly.queueClient()) {
            queue.peek(count, messages -> print(assembly, mapper, messages));
        }
        return ExitCode.DONE;
    }

    private void print(Assembly assembly, Mapper mapper, List<Message> messages) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<String> rejections = new ArrayList<>();
        for (Message message : messages) {
            for (Outcome outcome : mapper.map(message.id(), message.sentAt(), message.body())) {
                switch (outcome) {
                    case Row row -> rows.add(values(row));
                    case Rejection rejection -> rejections.add(rejected(message, rejection));
                }
            }
        }
        if (!rows.isEmpty()) {
            RowView.print(sluice, RowView.headings(assembly.spec()), rows);
        }
        rejections.forEach(sluice.console().out()::println);
        if (messages.isEmpty()) {
            sluice.console().err().println("The queue shows no messages.");
        }
    }

    private String rejected(Message message, Rejection rejection) {
        if (sluice.json()) {
            return new JsonLine()
                    .put("message", message.id())
                    .put("rejected", rejection.reason().label())
                    .put("column", rejection.column())
                    .toString();
        }
        String where = rejection.column() == null ? "" : " in column " + rejection.column();
        return "  message " + message.id() + " would be quarantined: "
                + rejection.reason().label() + where + " (" + rejection.reason().explanation() + ")";
    }

    private static List<@Nullable Object> values(Row row) {
        List<@Nullable Object> values = new ArrayList<>(row.width());
        for (int i = 0; i < row.width(); i++) {
            values.add(row.value(i));
        }
        return values;
    }
}
