package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.JsonLine;
import dev.sluice.cli.command.Part;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sluice check}. Masks with keys that are thrown away, whatever {@code SLUICE_KEYS} is: no token is shown or kept,
 * and its length does not depend on the key, so nobody needs a key to try a pipeline.
 */
@Command(
        name = "check",
        header = "Tries the pipeline on a file, and reports for each record whether it would be stored.",
        description = {
            "A dry run: nothing is sent or stored, no value is shown, and no queue, database or keys are needed.",
            "",
            "FILE is read as by sluice send: each JSON value, or each element of one JSON array, is a message. A message"
                    + " that is an array holds several records. A rejected record is shown with its line, its"
                    + " index in the message (from 0), the reason, and the column that could not be filled. What only the"
                    + " database can reject (a constraint, a trigger) is not found.",
            "",
            "Exits with 65 if any record would be rejected."
        },
        footer = {
            "Examples:",
            "  sluice check events.ndjson",
            "  sluice check --pipeline my.yaml --rejected-only events.ndjson",
            "  zcat archive.gz | sluice check --output json - | grep '\"rejected\"'"
        })
@CommandHelp(uses = Part.PIPELINE)
public final class CheckCommand extends CliCommand implements Callable<Integer> {

    @Mixin
    MessageFileOptions input;

    @Option(names = "--rejected-only", description = "Show only rejected records and the summary.")
    boolean rejectedOnly;

    private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
    private long messages;
    private long stored;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        Mapper mapper = assembly.mapper(Keysets.ephemeral(assembly.requiredKeys()));
        Instant now = Instant.now();
        try (MessageFile file = input.open(console())) {
            check(mapper, now, file);
        }
        printSummary();
        return rejected.isEmpty() ? ExitCode.DONE : ExitCode.DATA;
    }

    private void check(Mapper mapper, Instant now, MessageFile file) {
        try {
            file.forEachRemaining(body -> check(mapper, now, body));
        } catch (MessageFileException fault) {
            throw input.usageError(file.name(), fault, " Messages checked: " + messages + ".");
        }
    }

    private void check(Mapper mapper, Instant now, MessageBody body) {
        messages++;
        byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);
        List<Outcome> outcomes = mapper.map("message-" + messages, now, bytes);
        for (int record = 0; record < outcomes.size(); record++) {
            String where = where(body.line(), record, outcomes.size());
            switch (outcomes.get(record)) {
                case Row row -> {
                    stored++;
                    if (!rejectedOnly) {
                        print(json(body.line(), record, "stored"), where + "stored");
                    }
                }
                case Rejection rejection -> {
                    rejected.merge(rejection.reason(), 1L, Long::sum);
                    JsonLine json = json(body.line(), record, "rejected")
                            .put("reason", rejection.reason().label())
                            .put("column", rejection.column())
                            .put("explanation", rejection.reason().explanation());
                    print(json, where + text(rejection));
                }
            }
        }
    }

    private JsonLine json(long line, int record, String outcome) {
        return new JsonLine()
                .put("line", line)
                .put("message", messages)
                .put("record", record)
                .put("outcome", outcome);
    }

    /** With the message's number only if it differs from the line: elements of an array may share one. */
    private String where(long line, int record, int records) {
        String message = line == messages ? "" : ", message " + messages;
        return "line " + line + message + (records == 1 ? "" : ", record " + record) + ": ";
    }

    /** A rejection in words: reason, column, and what the reason means. */
    static String text(Rejection rejection) {
        String where = rejection.column() == null ? "" : " in column " + rejection.column();
        return rejection.reason().label() + where + " (" + rejection.reason().explanation() + ")";
    }

    private void printSummary() {
        long sum = rejected.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Long> reasons = new LinkedHashMap<>();
        rejected.forEach((reason, count) -> reasons.put(reason.label(), count));
        StringBuilder text = new StringBuilder("checked " + messages + " messages, " + (stored + sum)
                + " records = stored " + stored + " + rejected " + sum);
        reasons.forEach((reason, count) ->
                text.append("\n  ").append(reason).append(' ').append(count));
        print(
                new JsonLine()
                        .put("messages", messages)
                        .put("records", stored + sum)
                        .put("stored", stored)
                        .put("rejected", sum)
                        .put("reasons", reasons),
                text.toString());
    }
}
