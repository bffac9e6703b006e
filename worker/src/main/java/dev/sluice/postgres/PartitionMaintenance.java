package dev.sluice.postgres;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Mutex;
import dev.sluice.postgres.schema.TablePartitions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@link MaintenanceThread} does to partitions and keys, the ledger's and the table's, each step in transactions of its own that
 * wait a second at most for a lock. Days are those of the database's clock. Used by one thread at a time.
 */
final class PartitionMaintenance {

    /** Long enough for a batch to commit, short for the batches that wait behind us. */
    private static final String BRIEFLY = "SET LOCAL lock_timeout = '1s'";

    private static final String ANNOUNCE = "note for how long keys are needed";
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
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT (now() AT TIME ZONE 'UTC')::date")) {
            answer.next();
            return answer.getObject(1, LocalDate.class);
        }
    }

    /**
     * Notes for how long this worker needs keys. Waits for other workers that note the same, which takes them a moment.
     *
     * @throws InfrastructureException as {@link Database#transact}; other workers may then forget what this one needs
     */
    void announce() {
        database.transact(ANNOUNCE, connection -> {
            ledger.announce(connection);
            return true;
        });
    }

    /**
     * Makes the partitions of the days and months to come. Takes a few seconds at most when others hold the locks.
     *
     * @return what could not be done, a sentence each; it never throws
     */
    List<String> makePartitions() {
        List<String> undone = new ArrayList<>();
        // Apart, so that the locks of the one are not held while waiting for those of the other.
        attempt(undone, "make the ledger's partitions", action -> transact(Mutex.LEDGER, action, ledger::prepare));
        attempt(
                undone,
                "make the table's partitions",
                action -> transact(Mutex.PARTITIONS, action, connection -> TablePartitions.prepare(connection, table)));
        return undone;
    }

    /**
     * Forgets keys that are too old, once a day: it may read a whole ledger.
     *
     * @param stopped looked at between two transactions
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
            try (Statement statement = connection.createStatement()) {
                statement.execute(BRIEFLY);
            }
            return work.run(connection);
        });
    }

    private static void attempt(List<String> undone, String action, Step step) {
        try {
            if (!step.completes(action)) {
                undone.add("could not " + action + ": another session, perhaps a backup, holds a lock");
            }
        } catch (InfrastructureException e) {
            undone.add(e.getMessage());
        } catch (RuntimeException e) {
            undone.add("could not " + action + ": unexpected " + e.getClass().getName());
        }
    }

    @FunctionalInterface
    private interface Step {
        boolean completes(String action);
    }
}
