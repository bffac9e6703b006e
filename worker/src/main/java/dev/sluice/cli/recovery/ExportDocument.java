package dev.sluice.cli.recovery;

import dev.sluice.cli.command.ExitCode;
import dev.sluice.mask.Recovered.Clear;
import dev.sluice.mask.Recovered.Refusal;
import dev.sluice.mask.Recovered.Refused;
import dev.sluice.output.JsonLine;
import dev.sluice.output.StoredValues;
import dev.sluice.recovery.subject.SubjectExport.ExportedValue;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints an export as one JSON object, a line for each row, while the rows are read. Used once, by one thread. */
final class ExportDocument {

    private final PrintStream out;
    private long rows;
    private long recovered;
    private long refused;
    private int exitCode = ExitCode.DONE;

    /** Begins the object with these members. */
    ExportDocument(PrintStream out, JsonLine members) {
        this.out = out;
        String object = members.toString();
        out.println(object.substring(0, object.length() - 1) + ",\"rows\":[");
    }

    /** Prints a row: a masked value is an object with {@code value}, or with {@code refused}. */
    void add(List<ExportedValue> row) {
        JsonLine line = new JsonLine();
        row.forEach(value -> line.put(value.column().name(), member(value)));
        out.println((rows == 0 ? "" : ",") + line);
        rows++;
    }

    private @Nullable Object member(ExportedValue value) {
        return switch (value.recovered()) {
            case null -> StoredValues.of(value.column().type().sql(), value.text());
            case Clear clear -> {
                recovered++;
                yield new JsonLine().put("value", clear.value());
            }
            case Refused refusal -> refused(refusal.why(), value.text());
        };
    }

    /** What a one-way mask left is all there is; a token says nothing to the person. */
    private JsonLine refused(Refusal why, @Nullable String stored) {
        refused++;
        JsonLine line = new JsonLine().put("refused", why.name());
        if (why == Refusal.NOT_REVERSIBLE) {
            return line.put("stored", stored);
        }
        exitCode = Math.max(exitCode, UnmaskOutput.exitCode(why));
        return line;
    }

    /**
     * Ends the object.
     *
     * @param quarantined records of the pipeline that may be anybody's: their originals are sealed
     * @return the exit code: that of the worst refusal; a value that nobody can recover is not a failure
     */
    int end(long quarantined) {
        String counts = new JsonLine()
                .put("row_count", rows)
                .put("recovered", recovered)
                .put("refused", refused)
                .put("quarantined_not_searched", quarantined)
                .toString();
        out.println("]," + counts.substring(1));
        return exitCode;
    }
}
