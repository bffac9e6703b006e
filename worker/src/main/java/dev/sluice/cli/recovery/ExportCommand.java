package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CliCommand;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.cli.command.Part;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.RecoveryReason;
import dev.sluice.recovery.subject.Subject;
import dev.sluice.recovery.subject.SubjectExport;
import dev.sluice.recovery.subject.SubjectExport.Contents;
import dev.sluice.recovery.unmask.DenialReason;
import dev.sluice.recovery.unmask.MaskedFields;
import dev.sluice.recovery.unmask.PolicyDecision.Denied;
import dev.sluice.recovery.unmask.Purpose;
import dev.sluice.recovery.unmask.RecoveryPolicy;
import dev.sluice.recovery.unmask.RecoveryRequest;
import dev.sluice.recovery.unmask.RecoveryRequests;
import dev.sluice.recovery.unmask.RecoveryRequests.Submission.Made;
import dev.sluice.recovery.unmask.Unmask;
import dev.sluice.recovery.unmask.UnmaskOutcome.Opened;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice export}, and what its user does when it needs approval. */
@Command(
        name = "export",
        header = "Exports a person's rows with their values recovered, as one JSON document.",
        description = {
            "For requests of access (DSAR). The same policy and audit as sluice unmask: the entry is committed before"
                    + " anything is recovered, and counts each different value once. It never names the person.",
            "",
            "Each masked value is {\"value\": ..} or {\"refused\": REASON}; one that was masked one way also has what is"
                    + " stored. Originals in the quarantine are sealed and not searched; the document says how many records"
                    + " the quarantine holds.",
            "",
            "More values at once than the policy allows one person (10) need another person's approval."
        },
        footer = {
            "Exit codes: 77 if permission or a key is missing, 65 if a token is not ours or was altered.",
            "",
            "Examples:",
            "  sluice export --user-id - --reason DSAR --ticket T-1 < id.txt > out.json",
            "  sluice export request --user-id - --reason DSAR --ticket DSR-17 < id.txt"
        })
@CommandHelp(
        uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
        requires = {"--user-id", "--reason", "--ticket"})
public final class ExportCommand extends CliCommand implements Callable<Integer> {

    private static final String FETCH = "sluice export fetch --user-id VALUE";

    @Mixin
    SubjectOptions subject;

    @Mixin
    PurposeOptions purpose;

    @Option(
            names = "--approver",
            paramLabel = "USER",
            description = "If approval is needed, request it from this database user.")
    @Nullable
    String approver;

    @Override
    public Integer call() {
        Purpose why = purpose.purpose();
        try (Export export = open(subject)) {
            Optional<Denied> denied = export.lookUp(why);
            if (denied.isPresent()) {
                return denied(denied.get().explanation());
            }
            Contents contents = export.contents();
            return switch (export.unmask().export(why, export.person().column(), contents.rows(), contents.tokens())) {
                case Opened opened -> print(export, why, opened);
                case Denied refusal -> denied(export, why, contents, refusal);
            };
        }
    }

    @Command(
            name = "request",
            header = "Requests a person's values, which another person must approve; exports nothing.",
            description =
                    "Prints the request's number. It can be approved (sluice unmask approve) and fetched for 24 hours, unless"
                            + " configured otherwise. The approver sees the number of values and the keys, not the person.")
    @CommandHelp(
            uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
            requires = {"--user-id", "--reason", "--ticket"})
    int request(
            @Mixin SubjectOptions subject,
            @Mixin PurposeOptions purpose,
            @Option(
                            names = "--approver",
                            paramLabel = "USER",
                            description =
                                    "The only database user who may approve it (anyone else with that permission).")
                    @Nullable
                    String approver) {
        Purpose why = purpose.purpose();
        try (Export export = open(subject)) {
            Optional<Denied> denied = export.lookUp(why);
            return denied.isPresent()
                    ? denied(denied.get().explanation())
                    : submit(export, why, export.contents(), approver, true);
        }
    }

    @Command(
            name = "fetch",
            header = "Exports a person's rows with the values of your approved request.",
            description =
                    "Values that were stored after the request stay closed (NOT_PERMITTED). A request can be fetched three"
                            + " times before it expires; each is audited and counts towards the daily limit.",
            footer = {"Example:", "  sluice export fetch 7 --user-id - < id.txt > person.json"})
    @CommandHelp(
            uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE},
            requires = "--user-id")
    int fetch(
            @Parameters(paramLabel = "ID", description = "As printed by sluice export request.") long id,
            @Mixin SubjectOptions subject) {
        try (Export export = open(subject)) {
            Optional<RecoveryRequest> request = export.requests().get(id);
            if (request.isEmpty()) {
                throw usageError("there is no request " + id + "; sluice unmask requests lists them");
            }
            Purpose why = new Purpose(
                    RecoveryReason.valueOf(request.get().reason()),
                    request.get().ticket());
            Optional<Denied> denied = export.lookUp(why);
            if (denied.isPresent()) {
                return denied(denied.get().explanation());
            }
            return switch (export.unmask().fetch(id)) {
                case Opened opened -> print(export, why, opened);
                case Denied refusal -> denied(refusal.explanation());
            };
        }
    }

    private Export open(SubjectOptions options) {
        Assembly assembly = assembly();
        Column column = options.column(assembly.spec());
        String value = options.value(this::inputLines);
        Database database = assembly.maintenanceDatabase();
        try {
            Keysets keysets = assembly.keysetsFor(database);
            return new Export(
                    assembly.spec(),
                    database,
                    new MaskedFields(assembly.spec(), keysets),
                    options.subject(assembly.spec(), column, value, () -> keysets),
                    new Quarantine(database)
                            .count(
                                    QuarantineFilter.ALL.ofPipeline(
                                            assembly.spec().name()),
                                    Duration.ZERO));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private int denied(Export export, Purpose why, Contents contents, Denied refusal) {
        if (refusal.why() != DenialReason.APPROVAL_REQUIRED) {
            return denied(refusal.explanation());
        }
        denied("the rows hold " + contents.tokens().size() + " different values, and more than " + refusal.bound()
                + " at once need somebody else's approval; request it with `sluice export request`");
        if (approver != null) {
            submit(export, why, contents, approver, false);
        }
        return ExitCode.NOT_PERMITTED;
    }

    /** @param isResult whether the request's number is the result of the command, for standard output */
    private int submit(Export export, Purpose why, Contents contents, @Nullable String approver, boolean isResult) {
        if (contents.tokens().isEmpty()) {
            report("no request was made: the rows hold no value that can be recovered, so `sluice export` needs none");
            return ExitCode.DATA;
        }
        return switch (export.requests().submit(why, contents.tokens(), approver)) {
            case Denied denied -> denied(denied.explanation());
            case Made made -> {
                new SubmittedRequest(made, approver, FETCH).print(program(), isResult);
                yield ExitCode.DONE;
            }
        };
    }

    private int print(Export export, Purpose why, Opened opened) {
        ExportDocument document = new ExportDocument(
                out(),
                new JsonLine()
                        .put("pipeline", export.spec().name())
                        .put("table", export.spec().sink().qualifiedName())
                        .put("column", export.person().column())
                        .put("reason", why.reason())
                        .put("ticket", why.ticket()));
        export.rows().forEach(export.person(), opened, document::add);
        int exitCode = document.end(export.quarantined());
        if (!console().isOutputLost()) {
            return exitCode;
        }
        report("the export could not all be written to standard output, but the audit says that its values were opened;"
                + " export again, which is audited and counted again");
        return ExitCode.OUTPUT;
    }

    /**
     * What one export works with. Closes the database.
     *
     * @param quarantined records of the pipeline: counted first, since nothing is opened for a document that cannot be completed
     */
    private record Export(PipelineSpec spec, Database database, MaskedFields fields, Subject person, long quarantined)
            implements AutoCloseable {

        RecoveryPolicy policy() {
            return new RecoveryPolicy(database, spec.name());
        }

        RecoveryRequests requests() {
            return new RecoveryRequests(database, spec.name());
        }

        Unmask unmask() {
            return new Unmask(policy(), requests(), fields);
        }

        SubjectExport rows() {
            return new SubjectExport(database, spec, fields);
        }

        /** That there are rows confirms a guess, if the column is masked: permission comes first. Empty if granted. */
        Optional<Denied> lookUp(Purpose why) {
            if (!person.masked()) {
                return Optional.empty();
            }
            return policy().find(why, List.of(person.column()), person.values()) instanceof Denied denied
                    ? Optional.of(denied)
                    : Optional.empty();
        }

        Contents contents() {
            return rows().contents(person);
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
