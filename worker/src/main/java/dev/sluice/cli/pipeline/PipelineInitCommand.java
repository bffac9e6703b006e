package dev.sluice.cli.pipeline;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.run.MessageFile;
import dev.sluice.cli.run.MessageFileException;
import dev.sluice.draft.Draft;
import dev.sluice.draft.DraftColumn;
import dev.sluice.draft.Samples;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Attributes;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Pipelines;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice pipeline init}. */
@Command(
        name = "init",
        header = "Drafts a pipeline file from sample messages.",
        description = {
            "Each field becomes a column with a type that takes all samples. A text that looks like personal data, is"
                    + " named like it, or is not known to be harmless is masked; what cannot be masked is left out. Remove"
                    + " masks that are not needed.",
            "",
            "Prints the draft, or writes it with --to. Standard error says which columns are masked and why. No value of"
                    + " a sample is printed, and field names that look like values are left out.",
            "",
            "Reads at most 10,000 messages. Exits with 65 if no record could be read."
        },
        footer = {
            "Examples:",
            "  sluice pipeline init --from events.ndjson --to events.yaml",
            "  sluice pipeline init --from - --name clicks < events.ndjson > clicks.yaml"
        })
final class PipelineInitCommand extends CliCommand implements Callable<Integer> {

    /** More samples seldom change a draft; together with the longest message they bound its memory. */
    private static final int MAX_MESSAGES = 10_000;

    private static final long MAX_BYTES = 64L << 20;

    /** What a record may fail with although a column is right for the other records: another JSON type. */
    private static final Set<Reason> OTHER_TYPE =
            EnumSet.of(Reason.NOT_TEXT, Reason.NOT_A_NUMBER, Reason.NOT_A_WHOLE_NUMBER, Reason.NOT_A_BOOLEAN);

    @Option(
            names = "--from",
            required = true,
            paramLabel = "FILE|-",
            description = "Sample messages; - for standard input.")
    String from;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of pipeline, queue and table; the file's name unless set.")
    @Nullable
    String name;

    @Option(names = "--to", paramLabel = "FILE", description = "Where to write the draft; standard output unless set.")
    @Nullable
    Path to;

    @Option(names = "--force", description = "Replace the file of --to if it exists.")
    boolean force;

    @Override
    public Integer call() {
        if (to != null && !force && Files.exists(to)) {
            throw usageError(to + " exists; --force replaces it");
        }
        List<byte[]> messages = messages();
        Samples samples = new Samples();
        messages.forEach(samples::add);
        Draft draft = tried(Draft.of(title(), samples), messages);
        reportOn(draft, samples);
        if (draft.columns().isEmpty()) {
            report("no draft: no field of the samples can become a column");
            return ExitCode.DATA;
        }
        write(draft.yaml());
        return ExitCode.DONE;
    }

    private String title() {
        if (name != null) {
            return name;
        }
        Path file = Path.of(from).getFileName();
        String title = from.equals("-") || file == null ? "events" : file.toString();
        return title.contains(".") ? title.substring(0, title.indexOf('.')) : title;
    }

    private List<byte[]> messages() {
        List<byte[]> messages = new ArrayList<>();
        long bytes = 0;
        try (MessageFile file = MessageFile.open(console(), from, false, 1)) {
            while (messages.size() < MAX_MESSAGES && bytes < MAX_BYTES && file.hasNext()) {
                byte[] message = file.next().text().getBytes(StandardCharsets.UTF_8);
                messages.add(message);
                bytes += message.length;
            }
        } catch (MessageFileException e) {
            throw usageError(from + ": " + e.getMessage());
        }
        return messages;
    }

    /** The draft without what makes its own samples fail, except for values that are not of their field's type. */
    private static Draft tried(Draft draft, List<byte[]> messages) {
        Draft tried = draft;
        while (!tried.columns().isEmpty()) {
            Set<String> rejected = rejected(Pipelines.read("draft", tried.yaml()), messages);
            if (rejected.isEmpty()) {
                return tried;
            }
            tried = tried.without(rejected);
        }
        return tried;
    }

    private static Set<String> rejected(PipelineSpec spec, List<byte[]> messages) {
        Mapper mapper = Mappers.compile(spec, Keysets.ephemeral(Assembly.requiredKeys(spec)));
        Set<String> columns = new TreeSet<>();
        for (byte[] message : messages) {
            mapper.map("sample", Instant.EPOCH, message, Attributes.NONE).stream()
                    .filter(outcome -> outcome instanceof Rejection rejection
                            && rejection.column() != null
                            && !OTHER_TYPE.contains(rejection.reason()))
                    .forEach(outcome -> columns.add(Objects.requireNonNull(((Rejection) outcome).column())));
        }
        return columns;
    }

    private void reportOn(Draft draft, Samples samples) {
        List<DraftColumn> masked =
                draft.columns().stream().filter(DraftColumn::masked).toList();
        report("drafted from " + Counted.of(samples.records(), "record") + " of "
                + Counted.of(samples.messages(), "message") + ": "
                + Counted.of(draft.columns().size(), "column") + ", " + masked.size() + " of them masked, "
                + draft.omissions().size() + " left out");
        samples.unsound().forEach((reason, count) -> err().println("  not read: " + Counted.of(count, "message") + ", "
                + reason.label() + " (" + reason.explanation() + ")"));
        masked.forEach(column -> err().println("  masked: " + column.name() + ": " + column.why()));
        draft.omissions().forEach(omission -> err().println("  left out: " + omission.where() + ": " + omission.why()));
    }

    private void write(String yaml) {
        if (to == null) {
            out().print(yaml);
            return;
        }
        OpenOption mode = force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
        try {
            Files.writeString(to, yaml, mode, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (FileAlreadyExistsException e) {
            throw usageError(to + " exists; --force replaces it");
        } catch (IOException e) {
            throw usageError(to + " cannot be written");
        }
    }
}
