package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.schema.TablePartitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Creates the partitions of the ledger and the table and deletes old keys, in separate transactions that wait at most a second
 * for a lock. Days are those of the database's clock. Used by one thread at a time.
 */
final class PartitionMaintenance {

    /** Long enough for a batch to commit, short for batches that wait for our lock. */
    private static final String BRIEFLY = "SET LOCAL lock_timeout = '1s'";

    private static final String ANNOUNCE = "record for how long keys are needed";
    private static final String PRUNE = "prune the ledger";

    private final Database database;
    private final Ledger ledger;
    private final PipelineSpec.Sink table;
    private final Database.Work<LocalDate> calendar;
    private @Nullable LocalDate prunedOn;

    /** @param calendar the day (UTC) by the database's clock */
    PartitionMaintenance(Database database, Ledger ledger, PipelineSpec.Sink table, Database.Work<LocalDate> calendar) {
        this.database = database;
        this.ledger = ledger;
        this.table = database.located(table);
        this.calendar = calendar;
    }

    /** The day (UTC) by the database's clock. */
    static LocalDate today(Connection connection) throws SQLException {
        return Query.of(connection, "SELECT (now() AT TIME ZONE 'UTC')::date")
                .one(row -> row.getObject(1, LocalDate.class));
    }

    /**
     * Records for how long this worker needs keys. May wait a moment for other workers that do the same.
     *
     * @throws InfrastructureException as {@link Database#transact}; other workers may then delete keys that this one needs
     */
    void announce() {
        database.transact(ANNOUNCE, connection -> {
            ledger.announce(connection);
            return true;
        });
    }

    /**
     * Creates the partitions of the coming days and months. Takes at most a few seconds when others hold the locks.
     *
     * @return what could not be done, a sentence each; never throws
     */
    List<String> makePartitions() {
        List<String> undone = new ArrayList<>();
        // Two transactions, so that neither holds its locks while it waits for the other's.
        attempt(undone, "create the ledger's partitions", action -> transact(Mutex.LEDGER, action, ledger::prepare));
        attempt(
                undone,
                "create the table's partitions",
                action -> transact(Mutex.PARTITIONS, action, connection -> TablePartitions.prepare(connection, table)));
        return undone;
    }

    /**
     * Deletes old keys, once a day, since it may read a whole ledger.
     *
     * @param stopped checked between two transactions
     * @return what could not be done, as {@link #makePartitions}
     */
    List<String> prune(BooleanSupplier stopped) {
        List<String> undone = new ArrayList<>();
        attempt(
                undone,
                ANNOUNCE,
                action -> transact(Mutex.LEDGER, action, connection -> {
                    ledger.announce(connection);
                    return true;
                }));
        attempt(undone, PRUNE, action -> pruned(action, stopped));
        return undone;
    }

    private boolean pruned(String action, BooleanSupplier stopped) {
        LocalDate today = transact(Mutex.LEDGER, action, calendar);
        if (today.equals(prunedOn)) {
            return true;
        }
        long next = 0;
        while (next >= 0 && !stopped.getAsBoolean()) {
            long from = next;
            next = transact(Mutex.LEDGER, action, connection -> ledger.prune(connection, from));
        }
        if (next == Ledger.ALL) {
            prunedOn = today;
        }
        return next != Ledger.IN_USE;
    }

    private <T> T transact(Mutex mutex, String action, Database.Work<T> work) {
        return mutex.transact(database, action, connection -> {
            Query.execute(connection, BRIEFLY);
            return work.run(connection);
        });
    }

    private static void attempt(List<String> undone, String action, Predicate<String> step) {
        try {
            if (!step.test(action)) {
                undone.add("could not " + action + ": another session, perhaps a backup, holds a lock");
            }
        } catch (InfrastructureException e) {
            undone.add(e.getMessage());
        } catch (RuntimeException e) {
            undone.add("could not " + action + ": unexpected " + e.getClass().getName());
        }
    }
}
