package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.http.Request;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.Reason;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.Quarantine;
import dev.sluice.postgres.QuarantineEntry;
import dev.sluice.postgres.QuarantineFilter;
import dev.sluice.postgres.QuarantineReason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The quarantine: how much of it for which reason, and its records without their originals. */
final class QuarantineView {

    /** Of 100 ms or so; a quarantine with more has one cause, and its newest records show it. */
    static final int COUNTED = 100_000;

    static final String REMEDY = "The quarantine needs a login with the role sluice_recovery or sluice_operator; set"
            + " SLUICE_CONSOLE_DATABASE_URL to one (docs/roles.md)";

    private static final int USUAL_PAGE = 50;
    private static final int LONGEST_PAGE = 200;

    private final ConsoleDatabase database;
    private final PipelineSpec spec;

    QuarantineView(ConsoleDatabase database, PipelineSpec spec) {
        this.database = database;
        this.spec = spec;
    }

    JsonLine reasons(Request request, Caller caller) {
        Parameters parameters = Parameters.ofQuery(request, "pipeline");
        List<QuarantineReason> reasons = reasons(QuarantineFilter.ALL.ofPipeline(pipeline(parameters)));
        long total = total(reasons);
        return new JsonLine()
                .put("total", total)
                .put("newest_only", total >= COUNTED)
                .put("reasons", reasons.stream().map(QuarantineView::json).toList());
    }

    /** Of the newest records of this worker's pipeline. */
    List<QuarantineReason> reasons() {
        return reasons(QuarantineFilter.ALL.ofPipeline(spec.name()));
    }

    private List<QuarantineReason> reasons(QuarantineFilter filter) {
        return database.read(open -> new Quarantine(open).reasons(filter, COUNTED));
    }

    static long total(List<QuarantineReason> reasons) {
        return reasons.stream().mapToLong(QuarantineReason::records).sum();
    }

    private static JsonLine json(QuarantineReason reason) {
        return new JsonLine()
                .put("reason", reason.reason())
                .put("field", reason.column())
                .put("detail", expected(reason.reason()))
                .put("count", reason.records())
                .put("first_at", reason.first())
                .put("last_at", reason.last());
    }

    JsonLine records(Request request, Caller caller) {
        Parameters parameters = Parameters.ofQuery(request, "pipeline", "reason", "from", "to", "before", "limit");
        QuarantineFilter filter = filter(parameters).ofPipeline(pipeline(parameters));
        int limit = parameters.limit("limit", USUAL_PAGE, LONGEST_PAGE);
        long before = Objects.requireNonNullElse(parameters.number("before"), Long.MAX_VALUE);
        List<QuarantineEntry> page = database.read(open -> new Quarantine(open).page(filter, before, limit + 1));
        boolean more = page.size() > limit;
        List<QuarantineEntry> shown = more ? page.subList(0, limit) : page;
        return new JsonLine()
                .put("records", shown.stream().map(QuarantineView::json).toList())
                .put("next_before", more ? shown.getLast().id() : null);
    }

    /** Reason and time, of all pipelines. */
    static QuarantineFilter filter(Parameters parameters) {
        Instant from = parameters.time("from");
        Instant to = parameters.time("to");
        if (from != null && to != null && !from.isBefore(to)) {
            throw RefusedException.malformed("from", "from must be before to.");
        }
        return new QuarantineFilter(null, parameters.label("reason"), from, to);
    }

    private String pipeline(Parameters parameters) {
        return Objects.requireNonNullElse(parameters.text("pipeline"), spec.name());
    }

    private static JsonLine json(QuarantineEntry entry) {
        return new JsonLine()
                .put("id", entry.id())
                .put("pipeline", entry.pipeline())
                .put("pipeline_version", entry.pipelineVersion())
                .put("reason", entry.reason())
                .put("field", entry.column())
                .put("detail", detail(entry))
                .put("sqlstate", entry.sqlState())
                .put("message_id", entry.messageId())
                .put("record_index", entry.recordIndex())
                .put("sent_at", entry.sentAt())
                .put("quarantined_at", entry.quarantinedAt())
                .put("original_bytes", entry.originalBytes())
                .put("replayed_at", null); // a replayed record is a row, and no longer in the quarantine
    }

    private static @Nullable String detail(QuarantineEntry entry) {
        String expected = expected(entry.reason());
        String constraint = entry.constraint();
        if (constraint == null) {
            return expected;
        }
        return (expected == null ? "" : expected + "; ") + "constraint " + constraint;
    }

    /** Null for a reason of another version. */
    private static @Nullable String expected(String reason) {
        String expected = Reason.explanationOf(reason);
        return expected.isEmpty() ? null : expected;
    }
}
