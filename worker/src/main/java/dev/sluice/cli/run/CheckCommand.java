package dev.sluice.cli.run;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.cli.command.PersonalDataOption;
import dev.sluice.detect.Sighting;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.mapping.UnmaskedColumns;
import dev.sluice.output.JsonLine;
import dev.sluice.output.StoredValues;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sluice check}. Masks with keys that are thrown away, whatever {@code SLUICE_KEYS} is: the tokens it shows join with
 * none, and their length does not depend on the key, so nobody needs a key to try a pipeline.
 */
@Command(
        name = "check",
        aliases = "validate",
        header = "Tries the pipeline on a file, and reports for each record whether it would be stored.",
        description = {
            "A dry run: nothing is sent or stored, and no queue, database or keys are needed. Values are shown only with"
                    + " --rows.",
            "",
            "FILE is read as by sluice send: each JSON value, or each element of one JSON array, is a message. A message"
                    + " that is an array holds several records. A rejected record is shown with its line, its"
                    + " index in the message (from 0), the reason, and the column that could not be filled. What only the"
                    + " database can reject (a constraint, a trigger) is not found.",
            "",
            "Warns of columns without a mask whose values look like e-mail addresses, IP addresses, card numbers and the"
                    + " like.",
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

    @Mixin
    AttributeOptions attributes;

    @Option(names = "--group-id", paramLabel = "ID", description = "The message group ID of each message.")
    @Nullable
    String groupId;

    @Option(names = "--rejected-only", description = "Show only rejected records and the summary.")
    boolean rejectedOnly;

    @Option(
            names = "--rows",
            description =
                    "Show each row as it would be stored: masked with keys that are thrown away, other columns in clear.")
    boolean rows;

    @Mixin
    PersonalDataOption personalData;

    /**
     * What one call uses.
     *
     * @param now stands for the time at which SQS accepts the messages
     */
    private record Trial(PipelineSpec spec, Mapper mapper, UnmaskedColumns unmasked, Instant now) {}

    private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
    private long messages;
    private long stored;

    @Override
    public Integer call() {
        Assembly assembly = assembly();
        Trial trial = new Trial(
                assembly.spec(),
                assembly.mapper(Keysets.ephemeral(assembly.requiredKeys())),
                new UnmaskedColumns(assembly.spec()),
                Instant.now());
        try (MessageFile file = input.open(console())) {
            check(trial, file);
        }
        List<Sighting> sightings = personalData.isOn() ? trial.unmasked().sightings() : List.of();
        sightings.forEach(sighting -> report("warning: " + sighting.sentence()));
        printSummary(sightings);
        return rejected.isEmpty() ? ExitCode.DONE : ExitCode.DATA;
    }

    private void check(Trial trial, MessageFile file) {
        try {
            file.forEachRemaining(body -> check(trial, body));
        } catch (MessageFileException fault) {
            throw input.usageError(file.name(), fault, " Messages checked: " + messages + ".");
        }
    }

    private void check(Trial trial, MessageBody body) {
        messages++;
        byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);
        List<Outcome> outcomes =
                trial.mapper().map("message-" + messages, trial.now(), bytes, attributes.value(groupId));
        for (int record = 0; record < outcomes.size(); record++) {
            String where = where(body.line(), record, outcomes.size());
            switch (outcomes.get(record)) {
                case Row row -> {
                    stored++;
                    trial.unmasked().add(row);
                    printStored(trial.spec(), row, json(body.line(), record, "stored"), where + "stored");
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

    private void printStored(PipelineSpec spec, Row row, JsonLine json, String text) {
        if (rejectedOnly) {
            return;
        }
        if (!rows) {
            print(json, text);
            return;
        }
        JsonLine values = new JsonLine();
        for (int i = 0; i < row.width(); i++) {
            Column column = spec.columns().get(i);
            Object value = row.value(i);
            boolean plain = value == null || column.type() != ColumnType.Simple.JSONB;
            values.put(column.name(), plain ? value : StoredValues.json(String.valueOf(value)));
        }
        print(json.put("row", values), text + "\n" + values.lines().indent(2).stripTrailing());
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

    private void printSummary(List<Sighting> sightings) {
        long sum = rejected.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Long> reasons = new LinkedHashMap<>();
        rejected.forEach((reason, count) -> reasons.put(reason.label(), count));
        StringBuilder text = new StringBuilder("checked " + Counted.of(messages, "message") + ", "
                + Counted.of(stored + sum, "record") + " = stored " + stored + " + rejected " + sum);
        reasons.forEach((reason, count) ->
                text.append("\n  ").append(reason).append(' ').append(count));
        print(
                new JsonLine()
                        .put("messages", messages)
                        .put("records", stored + sum)
                        .put("stored", stored)
                        .put("rejected", sum)
                        .put("reasons", reasons)
                        .put("unmasked", PersonalDataOption.json(sightings)),
                text.toString());
    }
}
