package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.app.Assembly;
import dev.sluice.http.Request;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.QuarantineReplay.Listener;
import dev.sluice.postgres.ReplayPlan;
import dev.sluice.postgres.ReplaySelection;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.table.Replayed;
import dev.sluice.recovery.audit.AuditHead;
import dev.sluice.recovery.audit.OperatorAudit;
import dev.sluice.recovery.replay.AuditedReplay;
import dev.sluice.recovery.replay.AuditedReplay.Audited;
import dev.sluice.recovery.unmask.Purpose;
import java.util.List;
import java.util.Set;

/**
 * Replays quarantined records of this worker's pipeline, under the rules of {@code sluice quarantine replay}: the audit
 * records it first, and a field that was masked is not stored with less protection. One replay at a time.
 */
final class ReplayView {

    static final String REMEDY =
            "A replay needs a login with the role sluice_operator; set SLUICE_CONSOLE_DATABASE_URL to"
                    + " one (docs/roles.md)";

    /** Done in seconds: a person waits for the answer. */
    private static final int MOST = 10_000;

    private static final Listener SILENT = new Listener() {
        @Override
        public void progressed(Replayed sum) {}

        @Override
        public void unopened(QuarantineEntry entry) {}
    };

    private final ConsoleDatabase database;
    private final Assembly assembly;
    private final LongWork<JsonLine> replays = new LongWork<>(
            "console-replay",
            "The replay goes on without the page. The audit and the quarantine show when it has ended.");

    ReplayView(ConsoleDatabase database, Assembly assembly) {
        this.database = database;
        this.assembly = assembly;
    }

    JsonLine plan(Request request, Caller caller) {
        QuarantineFilter filter = QuarantineView.filter(Parameters.ofQuery(request, "reason", "from", "to"))
                .ofPipeline(assembly.spec().name());
        long count = database.read(open -> new Quarantine(open).countUpTo(filter, MOST + 1L));
        requireFew(count);
        return new JsonLine()
                .put("count", count)
                .put("pipeline", assembly.spec().name())
                .put("pipeline_version", assembly.spec().version());
    }

    JsonLine replay(Request request, Caller caller) {
        Parameters parameters = Parameters.ofBody(request, "reason", "from", "to", "ticket", "confirm");
        ReplaySelection selection = new ReplaySelection(Set.of(), QuarantineView.filter(parameters));
        String ticket = ticket(parameters);
        Long confirmed = parameters.number("confirm");
        if (confirmed == null) {
            throw RefusedException.malformed("confirm", "confirm must be the number of records to replay.");
        }
        return replays.runAlone(
                () -> replay(selection, ticket, confirmed, caller),
                "Another replay is running. Try again when it has ended.");
    }

    private static String ticket(Parameters parameters) {
        String ticket = parameters.text("ticket");
        if (ticket == null || !Purpose.isTicket(ticket)) {
            throw RefusedException.malformed(
                    "ticket",
                    "ticket must be the case: 1 to 64 letters, digits, _ / # or -, the first a letter or digit, such as"
                            + " CASE-7.");
        }
        return ticket;
    }

    private JsonLine replay(ReplaySelection selection, String ticket, long confirmed, Caller caller) {
        try (Database open = assembly.consoleDatabase()) {
            AuditedReplay replay = new AuditedReplay(
                    open,
                    assembly.spec(),
                    assembly.remapper(assembly.keysetsFor(open)),
                    new OperatorAudit(open, assembly.spec(), auditName(caller)));
            ReplayPlan plan = replay.plan(selection);
            requireFew(plan.entries());
            if (plan.entries() != confirmed) {
                throw RefusedException.malformed(
                        "confirm",
                        "confirm is not the number of records: " + plan.entries()
                                + " match now. Nothing was replayed; look at them, and confirm that number.");
            }
            return json(replay.replay(ticket, plan, List.of(), Set.of(), SILENT));
        }
    }

    private static void requireFew(long entries) {
        if (entries > MOST) {
            throw RefusedException.unsuitable("More than " + MOST
                    + " records match. Choose a reason or a shorter time, or" + " use sluice quarantine replay.");
        }
    }

    /** As the audit accepts it: other characters become hyphens. */
    private static String auditName(Caller caller) {
        String name = caller.name().replaceAll("[^A-Za-z0-9._@+-]", "-");
        return name.substring(0, Math.min(name.length(), 50)) + "@console";
    }

    private static JsonLine json(Audited audited) {
        Replayed sum = audited.sum();
        AuditHead begun = audited.begun();
        return new JsonLine()
                .put("replayed", sum.entries())
                .put("stored", sum.stored())
                .put("duplicates", sum.duplicates())
                .put("rejected", sum.rejected())
                .put("unopened", sum.unopened())
                .put("audit_seq", begun == null ? null : begun.seq());
    }
}
