package dev.sluice.cli.recovery;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.recovery.subject.Subject;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose rows are meant. A mixin. The value is personal data, so nothing here quotes it. */
final class SubjectOptions {

    private static final String USUAL_COLUMN = "user_id";

    /** Far more than an id has, and little enough to mask and to send. */
    private static final int MAX_LENGTH = 10_000;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = {"--user-id", "--subject"},
            paramLabel = "VALUE",
            description = "The person's value in the column; - reads it from standard input, one line.")
    @Nullable
    String value;

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            description = "The column that identifies the person (" + USUAL_COLUMN + ").")
    @Nullable
    String column;

    @Mixin
    TenantOption tenant;

    /** The column, which must be one that can identify a person. */
    Column column(PipelineSpec spec) {
        String name = column == null ? USUAL_COLUMN : column;
        List<Column> allowed =
                spec.columns().stream().filter(Subject::canIdentify).toList();
        return allowed.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> usageError((column == null
                                ? "--column is required, since the pipeline has no column " + USUAL_COLUMN
                                : "--column")
                        + ": it must be one of "
                        + allowed.stream().map(Column::name).toList()));
    }

    /**
     * The person's value, as given or read. A missing, blank or very long one is a usage error.
     *
     * @param input reads up to so many lines of standard input
     */
    String value(IntFunction<List<String>> input) {
        if (value == null) {
            throw usageError("--user-id is required"
                    + (column == null ? "" : " (or --subject): --column says where to look, this whom to look for"));
        }
        String read = value.equals("-") ? onlyLine(input.apply(2)) : value;
        if (read.isBlank()) {
            throw usageError("--user-id must not be blank");
        }
        if (read.length() > MAX_LENGTH) {
            throw usageError("--user-id must have at most " + MAX_LENGTH + " characters");
        }
        return read;
    }

    private String onlyLine(List<String> lines) {
        if (lines.size() != 1) {
            throw usageError("--user-id -: standard input must hold exactly one line");
        }
        return lines.getFirst();
    }

    /** The person with that value. One that no row can have is a usage error. */
    Subject subject(PipelineSpec spec, Column known, String given, Supplier<Keysets> keysets) {
        return Subject.of(spec, known, given, () -> tenant.of(spec, keysets.get()))
                .orElseThrow(() -> usageError("--user-id: the value is not of the form of column " + known.name()));
    }

    private ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
