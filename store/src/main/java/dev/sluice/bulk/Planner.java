package dev.sluice.bulk;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.schema.Migrations;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts files into units, and keeps the list in the database: what is loaded once is loaded by the same cuts again. Files may
 * be added to a dataset; what is planned must not change. Stateless but for the database.
 */
public final class Planner {

    private static final String ACTION = "plan the units";

    /** Rows of one INSERT. */
    private static final int INSERTED_AT_ONCE = 10_000;

    private static final String TAKE =
            "SELECT id, planned_split_bytes, planned_sent_at FROM sluice.bulk_dataset_take(?, ?, ?, ?)";

    private static final String FILES =
            "SELECT path, bytes, version, modified, min(unit) FROM sluice.bulk_unit WHERE dataset = ?"
                    + " GROUP BY path, bytes, version, modified";

    private static final String ELSEWHERE =
            """
            SELECT unit.path, other.name FROM sluice.bulk_unit AS unit JOIN sluice.bulk_dataset AS other
                ON other.id = unit.dataset
            WHERE other.pipeline = ? AND other.id <> ? AND unit.path = ANY (?) LIMIT 1
            """;

    private static final String ADD =
            """
            INSERT INTO sluice.bulk_unit (dataset, unit, path, bytes, version, modified, start, length)
            SELECT ?, * FROM unnest(?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String PENDING =
            """
            SELECT unit, path, bytes, version, modified, start, length FROM sluice.bulk_unit AS planned
            WHERE dataset = ? AND NOT EXISTS (
                SELECT FROM sluice.bulk_ledger AS done WHERE done.dataset = planned.dataset AND done.unit = planned.unit)
            ORDER BY unit
            """;

    private final Database database;

    public Planner(Database database) {
        this.database = database;
    }

    /**
     * Adds new files to the dataset's plan, and returns what is left of it. Two at once wait for each other.
     *
     * @param files as they are now, each once
     * @throws InfrastructureException CONFIG when the dataset was planned with another split size or time, when a planned
     *     file has changed or, not loaded yet, is not among the files, or when another dataset of the pipeline has a file
     */
    public Plan plan(BulkDataset dataset, Collection<SourceFile> files) {
        return database.transact(ACTION, connection -> plan(connection, dataset, files));
    }

    /** What {@link #plan} would return; writes nothing. */
    public Plan preview(BulkDataset dataset, Collection<SourceFile> files) {
        return database.transact(ACTION, connection -> {
            Plan plan = plan(connection, dataset, files);
            connection.rollback();
            return plan;
        });
    }

    private static Plan plan(Connection connection, BulkDataset dataset, Collection<SourceFile> files)
            throws SQLException {
        Migrations.requireCurrent(connection);
        long id = dataset(connection, dataset);
        Map<String, SourceFile> planned = new HashMap<>();
        Query.of(connection, FILES, id).forEach(row -> {
            SourceFile file = file(row, 1);
            planned.put(file.path(), file);
        });
        List<SourceFile> added = new ArrayList<>();
        for (SourceFile file : files) {
            SourceFile before = planned.remove(file.path());
            if (before == null) {
                added.add(file);
            } else if (before.bytes() != file.bytes() || !before.version().equals(file.version())) {
                throw refused(dataset, file.path() + " has changed since it was planned");
            }
        }
        requireNew(connection, dataset, id, added);
        add(connection, id, dataset.splitBytes(), added);
        List<Unit> pending = Query.of(connection, PENDING, id).list(Planner::unit);
        for (Unit unit : pending) {
            if (planned.containsKey(unit.file().path())) {
                throw refused(
                        dataset,
                        unit.file().path() + " was planned, is not loaded yet, and is not among the files named");
            }
        }
        return Query.of(
                        connection,
                        "SELECT count(DISTINCT path), count(*), coalesce(sum(length), 0) FROM sluice.bulk_unit"
                                + " WHERE dataset = ?",
                        id)
                .one(row -> new Plan(new BulkLedger(id), row.getInt(1), row.getInt(2), row.getLong(3), pending));
    }

    private static long dataset(Connection connection, BulkDataset dataset) throws SQLException {
        Query take =
                Query.of(connection, TAKE, dataset.pipeline(), dataset.name(), dataset.splitBytes(), dataset.sentAt());
        return take.one(row -> {
            if (row.getLong(2) != dataset.splitBytes()) {
                throw refused(
                        dataset,
                        "it was planned with --split-size " + row.getLong(2) + ", and is asked for with "
                                + dataset.splitBytes());
            }
            Instant sentAt = Query.instant(row, 3);
            if (!Objects.equals(sentAt, dataset.sentAt())) {
                throw refused(
                        dataset,
                        "it was planned with --sent-at " + named(sentAt) + ", and is asked for with "
                                + named(dataset.sentAt()));
            }
            return row.getLong(1);
        });
    }

    private static String named(@Nullable Instant sentAt) {
        return sentAt == null ? "file" : sentAt.toString();
    }

    /** A file that another dataset has would be loaded twice. */
    private static void requireNew(Connection connection, BulkDataset dataset, long id, List<SourceFile> added)
            throws SQLException {
        Query.of(
                        connection,
                        ELSEWHERE,
                        dataset.pipeline(),
                        id,
                        Query.texts(added.stream().map(SourceFile::path).toList()))
                .first(row -> row.getString(1) + " belongs to dataset " + row.getString(2) + " too")
                .ifPresent(problem -> {
                    throw refused(dataset, problem + ", and would be loaded twice");
                });
    }

    private static void add(Connection connection, long id, long splitBytes, List<SourceFile> added)
            throws SQLException {
        int next = (int)
                Query.of(connection, "SELECT coalesce(max(unit) + 1, 0) FROM sluice.bulk_unit WHERE dataset = ?", id)
                        .number();
        List<Unit> units = new ArrayList<>();
        for (SourceFile file : added) {
            long step = file.compression() == FileCompression.NONE ? splitBytes : file.bytes();
            for (long start = 0; start < file.bytes(); start += step) {
                units.add(new Unit(next++, file, start, Math.min(step, file.bytes() - start)));
            }
        }
        for (int from = 0; from < units.size(); from += INSERTED_AT_ONCE) {
            insert(connection, id, units.subList(from, Math.min(units.size(), from + INSERTED_AT_ONCE)));
        }
    }

    private static void insert(Connection connection, long id, List<Unit> units) throws SQLException {
        Query.of(
                        connection,
                        ADD,
                        id,
                        Query.array("integer", units.stream().map(Unit::number).toArray()),
                        Query.array(
                                "text",
                                units.stream().map(unit -> unit.file().path()).toArray()),
                        Query.array(
                                "bigint",
                                units.stream().map(unit -> unit.file().bytes()).toArray()),
                        Query.array(
                                "text",
                                units.stream()
                                        .map(unit -> unit.file().version())
                                        .toArray()),
                        Query.array(
                                "timestamptz",
                                units.stream()
                                        .map(unit -> unit.file().modified().toString())
                                        .toArray()),
                        Query.array("bigint", units.stream().map(Unit::start).toArray()),
                        Query.array("bigint", units.stream().map(Unit::length).toArray()))
                .update();
    }

    private static Unit unit(ResultSet row) throws SQLException {
        return new Unit(row.getInt(1), file(row, 2), row.getLong(6), row.getLong(7));
    }

    private static SourceFile file(ResultSet row, int column) throws SQLException {
        return new SourceFile(
                row.getString(column),
                row.getLong(column + 1),
                row.getString(column + 2),
                Objects.requireNonNull(Query.instant(row, column + 3)));
    }

    private static InfrastructureException refused(BulkDataset dataset, String problem) {
        return new InfrastructureException(
                Kind.CONFIG,
                "dataset " + dataset.name() + " cannot be continued: " + problem
                        + ". Units must stay as they are, or lines would be loaded twice or not at all; for other files,"
                        + " or to load these again, choose another --dataset.");
    }
}
