package dev.sluice.console;

import dev.sluice.access.Caller;
import dev.sluice.http.Request;
import dev.sluice.output.JsonLine;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.AuditEntry;
import dev.sluice.recovery.audit.AuditLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit: its head, the last entries and the last requests that were denied. */
final class AuditView {

    static final String REMEDY =
            "The audit needs a login with the role sluice_recovery; set SLUICE_CONSOLE_DATABASE_URL to"
                    + " one (docs/roles.md)";

    private static final int USUAL_ENTRIES = 50;
    private static final int MOST_ENTRIES = 200;

    /** The audit has no index by action. */
    private static final int SEARCHED = 10_000;

    private final ConsoleDatabase database;

    AuditView(ConsoleDatabase database) {
        this.database = database;
    }

    JsonLine entries(Request request, Caller caller) {
        int limit = Parameters.ofQuery(request, "limit").limit("limit", USUAL_ENTRIES, MOST_ENTRIES);
        return database.read(open -> entries(open, limit));
    }

    private static JsonLine entries(Database open, int limit) {
        AuditLog audit = new AuditLog(open);
        List<AuditEntry> newest = new ArrayList<>();
        audit.list(limit, newest::add);
        return new JsonLine()
                .put("head", newest.isEmpty() ? null : head(newest.getFirst()))
                .put("entries", newest.stream().map(AuditView::json).toList())
                .put(
                        "refused",
                        audit.refused(SEARCHED, limit).stream()
                                .map(AuditView::json)
                                .toList());
    }

    private static @Nullable JsonLine head(AuditEntry newest) {
        return new JsonLine()
                .put("seq", newest.seq())
                .put("hash", newest.hash())
                .put("at", newest.at());
    }

    private static JsonLine json(AuditEntry entry) {
        return new JsonLine()
                .put("seq", entry.seq())
                .put("at", entry.at())
                .put("actor", entry.actor())
                .put("user", entry.osUser())
                .put("action", entry.action())
                .put("reason", entry.reason())
                .put("ticket", entry.ticket())
                .put("values", entry.valueCount());
    }
}
