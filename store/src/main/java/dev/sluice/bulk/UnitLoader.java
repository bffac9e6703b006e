package dev.sluice.bulk;

import dev.sluice.bulk.RetryRule.Outage;
import dev.sluice.failure.FailPoint;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.DatabaseFailures;
import dev.sluice.postgres.db.SearchPath;
import dev.sluice.postgres.table.Blame;
import dev.sluice.postgres.table.QuarantineWriter;
import dev.sluice.postgres.table.RejectionStreak;
import dev.sluice.postgres.table.RowCopy;
import dev.sluice.postgres.table.RowWriter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Loads units, each in one transaction: rows by COPY, rejected records into the quarantine, then the unit's row in the bulk
 * ledger. A unit that another process has loaded, or loads at the same moment, is committed once. Thread-safe; a unit uses
 * one connection.
 */
public final class UnitLoader {

    private final Database database;
    private final PipelineSpec spec;
    private final BulkDataset dataset;
    private final BulkLedger ledger;
    private final UnitRecords.Source source;
    private final Mapper mapper;
    private final QuarantineWriter quarantineWriter;
    private final ShutdownSignal stop;
    private final Consumer<String> listener;
    private final RetryRule retryRule;
    private final RejectionStreak streak = new RejectionStreak();

    /**
     * @param spec of the pipeline that {@code mapper} was compiled from
     * @param ledger of the dataset
     * @param stop ends waits, not units
     * @param listener receives a sentence when something is waited for
     */
    public UnitLoader(
            Database database,
            PipelineSpec spec,
            BulkDataset dataset,
            BulkLedger ledger,
            UnitRecords.Source source,
            Mapper mapper,
            ShutdownSignal stop,
            Consumer<String> listener) {
        this(database, spec, dataset, ledger, source, mapper, stop, listener, RetryRule.STANDARD);
    }

    /** @param retryRule when a unit that fails is given up */
    UnitLoader(
            Database database,
            PipelineSpec spec,
            BulkDataset dataset,
            BulkLedger ledger,
            UnitRecords.Source source,
            Mapper mapper,
            ShutdownSignal stop,
            Consumer<String> listener,
            RetryRule retryRule) {
        this.database = database;
        this.spec = database.located(spec);
        this.dataset = dataset;
        this.ledger = ledger;
        this.source = source;
        this.mapper = mapper;
        this.quarantineWriter = new QuarantineWriter(spec);
        this.stop = stop;
        this.listener = listener;
        this.retryRule = retryRule;
    }

    /**
     * Loads a unit, and tries again while database or store are unavailable: for five minutes from the first failure after a
     * part of it was read and written, and 30 times without getting further.
     *
     * @param yields whether to leave a unit that another session loads at this moment; else both load it, and the one that
     *     commits first wins
     * @throws UnreadableFileException when its file cannot be loaded
     * @throws InfrastructureException when the database or the store stays unavailable, the table takes no rows, or a
     *     privilege is missing; nothing of the unit is stored
     */
    public UnitResult load(Unit unit, boolean yields) throws UnreadableFileException {
        Outage outage = retryRule.outage();
        boolean isolating = false;
        while (true) {
            InfrastructureException failure;
            outage.tried();
            try {
                return loadOnce(unit, yields, isolating, outage);
            } catch (SQLException e) {
                failure = DatabaseFailures.whileRunning(database.address(), action(unit), e);
                if (DatabaseFailures.rejection(e) != null) {
                    if (isolating) {
                        throw failure; // not of a row: the ledger or the quarantine rejects its data
                    }
                    isolating = true;
                    continue;
                }
                database.retrying(e);
            } catch (IOException e) {
                failure = new InfrastructureException(
                        Kind.TRANSIENT,
                        "could not " + action(unit) + ": " + e.getClass().getSimpleName());
            } catch (InfrastructureException e) {
                if (e.kind() != Kind.TRANSIENT) {
                    throw e;
                }
                failure = e;
            }
            if (outage.failed()) {
                listener.accept(failure.getMessage() + "; trying again");
            }
            if (outage.isOver() || stop.isRequested()) {
                throw failure;
            }
            stop.await(outage.pause());
        }
    }

    private UnitResult loadOnce(Unit unit, boolean yields, boolean isolating, Outage outage)
            throws SQLException, IOException, UnreadableFileException {
        List<Blame> blames = new ArrayList<>();
        try {
            UnitResult result = database.attempt(action(unit), connection -> {
                SearchPath.fix(connection);
                UnitResult known = ledger.look(connection, unit, yields);
                if (known != null) {
                    return known;
                }
                RowCopy rowCopy = RowCopy.checked(connection, spec);
                SearchPath.restore(connection); // which the table's triggers may need
                return load(connection, unit, isolating ? isolating(blames) : RowWriter.whole(rowCopy), outage);
            });
            FailPoint.AFTER_COMMIT.pass();
            blames.forEach(Blame::committed);
            if (!isolating && result.counts().stored() > 0) {
                streak.stored();
            }
            return result;
        } catch (LoadedElsewhereException e) {
            return UnitResult.ELSEWHERE;
        } catch (FileFailure e) {
            throw e.unwrapped();
        }
    }

    private UnitResult load(Connection connection, Unit unit, RowWriter rowWriter, Outage outage) throws SQLException {
        UnitTransaction transaction = new UnitTransaction(
                connection, ledger.dataset(), unit, dataset.sentAt(unit.file()), mapper, rowWriter, quarantineWriter);
        try {
            UnitCounts counts = transaction.load(source, outage::advanced);
            if (!ledger.insert(connection, unit, counts)) {
                throw new LoadedElsewhereException();
            }
            FailPoint.BEFORE_COMMIT.pass();
            return UnitResult.loaded(counts);
        } catch (IOException | UnreadableFileException e) {
            throw new FileFailure(e);
        }
    }

    private RowWriter isolating(List<Blame> blames) {
        return (connection, rows) -> {
            Blame blame = new Blame(streak);
            blames.add(blame);
            return RowWriter.isolating(spec, blame).write(connection, rows);
        };
    }

    private static String action(Unit unit) {
        return "load " + unit.file().path() + " from byte " + unit.start();
    }

    /** Another transaction committed the same unit: this one is rolled back. */
    private static final class LoadedElsewhereException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LoadedElsewhereException() {
            super("loaded elsewhere", null, false, false);
        }
    }

    /** Carries a file's failure out of a transaction, which is rolled back. */
    private static final class FileFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Exception failure;

        FileFailure(Exception failure) {
            super("a file failed", null, false, false);
            this.failure = failure;
        }

        IOException unwrapped() throws UnreadableFileException {
            if (failure instanceof UnreadableFileException unreadable) {
                throw unreadable;
            }
            return (IOException) failure;
        }
    }
}
