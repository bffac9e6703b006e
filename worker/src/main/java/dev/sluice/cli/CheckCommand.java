package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.cli.MessageFile.Numbered;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.core.JacksonException;

/**
 * {@code sluice check}. Masks with keys that are thrown away, whatever {@code SLUICE_KEYS} says: no token is shown or
 * kept, its length does not depend on the key, and so whoever writes a pipeline needs no key to try it.
 */
@Command(
        name = "check",
        header = "Tries the pipeline on a file, and says of each record whether it would be stored.",
        description = {
            "",
            "A dry run: nothing is sent, stored or shown of the values; no queue, database or keys are needed. FILE is",
            "read as sluice send reads it: each line (NDJSON), or each element when FILE is one JSON array, is a message,",
            "and a message that is an array holds several records. A rejected record is shown with its line, its place in",
            "the message (from 0), the reason, and the column that could not be filled. What only the database can refuse",
            "(a constraint, a trigger) is not found. Exit code 65 when any record would be rejected.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice check events.ndjson",
            "  sluice check --pipeline my.yaml --rejected-only events.ndjson",
            "  zcat archive.gz | sluice check --output json - | grep '\"rejected\"'"
        })
final class CheckCommand implements Callable<Integer> {

    @ParentCommand
    Sluice sluice;

    @Parameters(paramLabel = "FILE|-", description = "The file, UTF-8; - for standard input.")
    String file;

    @Option(names = "--rejected-only", description = "Show rejected records only, and the summary.")
    boolean rejectedOnly;

    private final CheckedRecords checked = new CheckedRecords();

    @Override
    public Integer call() {
        Assembly assembly = sluice.assembly();
        Mapper mapper = assembly.mapper(Keysets.ephemeral(assembly.wantedKeys()));
        try (Reader reader = MessageFile.utf8(open())) {
            check(mapper, MessageFile.numbered(reader));
        } catch (IOException | UncheckedIOException e) {
            throw unreadable("cannot be read as UTF-8 text");
        } catch (JacksonException e) {
            throw unreadable("begins as a JSON array, but breaks off or is no JSON");
        }
        sluice.console().out().println(sluice.json() ? checked.json() : checked.text());
        return checked.anyRejected() ? ExitCode.DATA : ExitCode.DONE;
    }

    private InputStream open() throws IOException {
        return file.equals("-") ? sluice.console().in() : Files.newInputStream(Path.of(file));
    }

    private void check(Mapper mapper, Iterator<Numbered> bodies) {
        Instant now = Instant.now();
        while (bodies.hasNext()) {
            Numbered body = bodies.next();
            checked.message();
            byte[] bytes = body.body().getBytes(StandardCharsets.UTF_8);
            List<Outcome> outcomes = mapper.map("message-" + checked.messages(), now, bytes);
            for (int record = 0; record < outcomes.size(); record++) {
                show(body.line(), record, outcomes);
            }
        }
    }

    private void show(long line, int record, List<Outcome> outcomes) {
        switch (outcomes.get(record)) {
            case Row row -> {
                checked.stored();
                if (!rejectedOnly) {
                    print(line(line, record, "stored"), place(line, record, outcomes.size()) + "stored");
                }
            }
            case Rejection rejection -> {
                checked.rejected(rejection.reason());
                print(
                        line(line, record, "rejected")
                                .put("reason", rejection.reason().label())
                                .put("column", rejection.column())
                                .put("explanation", rejection.reason().explanation()),
                        place(line, record, outcomes.size()) + text(rejection));
            }
        }
    }

    private JsonLine line(long line, int record, String outcome) {
        return new JsonLine()
                .put("line", line)
                .put("message", checked.messages())
                .put("record", record)
                .put("outcome", outcome);
    }

    /** The message's number only where the line does not tell it: an array's elements may share one. */
    private String place(long line, int record, int records) {
        String message = line == checked.messages() ? "" : ", message " + checked.messages();
        return "line " + line + message + (records == 1 ? "" : ", record " + record) + ": ";
    }

    private static String text(Rejection rejection) {
        String where = rejection.column() == null ? "" : " in column " + rejection.column();
        return rejection.reason().label() + where + " (" + rejection.reason().explanation() + ")";
    }

    private void print(JsonLine json, String text) {
        sluice.console().out().println(sluice.json() ? json : text);
    }

    private ParameterException unreadable(String what) {
        return new ParameterException(sluice.command.commandLine(), file + " " + what);
    }
}
