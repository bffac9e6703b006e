package dev.sluice.app;

import dev.sluice.metrics.RecoveryRequests;
import dev.sluice.postgres.db.Database;
import dev.sluice.recovery.audit.RequestCounts;
import org.jspecify.annotations.Nullable;

/** The requests in the audit of a worker's database. Used by one thread. */
final class AuditedRequests implements RecoveryRequests {

    private final Database database;
    private @Nullable Long counted;

    AuditedRequests(Database database) {
        this.database = database;
    }

    @Override
    public Counts next() {
        RequestCounts fresh = RequestCounts.read(database, counted);
        counted = fresh.seq();
        return new Counts(fresh.granted(), fresh.denied());
    }
}
