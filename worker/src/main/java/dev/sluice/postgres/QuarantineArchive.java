package dev.sluice.postgres;

import dev.sluice.failure.FailPoint;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The quarantine's side of an export and of an import. A record that was deleted with its export may come back once; one that
 * was replayed or purged never, whatever file has it. Opens nothing. Methods throw {@link
 * dev.sluice.failure.InfrastructureException} when the quarantine cannot be read or written. Thread-safe.
 */
public final class QuarantineArchive {

    private static final String READ = "read the quarantine";
    private static final String DELETE = "delete what was exported";
    private static final String IMPORT = "import into the quarantine";

    /** Records of a page: a round trip each is nothing beside them. */
    private static final int PAGE_RECORDS = 500;

    /** Originals of a page, unless one alone is larger. */
    private static final int PAGE_BYTES = 8 * 1024 * 1024;

    /** Records deleted in one transaction: a replay of them waits for no longer. */
    private static final int DELETED_AT_ONCE = 1_000;

    /** Sizes are added up before any original is read. */
    private static final String PAGE = "SELECT " + ArchivedEntry.COLUMNS
            + " FROM (SELECT *, xmin::text AS row_version,"
            + " sum(octet_length(original)) OVER (ORDER BY id) - octet_length(original) AS bytes_before"
            + " FROM sluice.quarantine%s AND id > ? AND id <= ? ORDER BY id LIMIT ?) AS page"
            + " WHERE bytes_before < ? ORDER BY id";

    /** Not what has changed since it was read: a replay may have found another reason, or sealed it again. */
    private static final String TAKE =
            """
            WITH exported AS (SELECT * FROM unnest(?, ?) AS given (id, row_version)),
            gone AS (
                DELETE FROM sluice.quarantine AS known USING exported
                WHERE known.id = exported.id AND known.xmin::text = exported.row_version RETURNING known.id)
            INSERT INTO sluice.quarantine_exported (id) SELECT id FROM gone
            """;

    private static final String INSERT =
            """
            INSERT INTO sluice.quarantine (pipeline, pipeline_version, reason, column_name, sent_at, message_id,
                record_index, receive_count, quarantined_at, original, original_form, sqlstate, constraint_name,
                idempotency_key, protection, bulk_dataset, bulk_unit, unit_line)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String BACK = "DELETE FROM sluice.quarantine_exported WHERE id = ANY (?) RETURNING id";

    private static final String FIRST_TIME =
            """
            INSERT INTO sluice.quarantine_imported (database, id)
            SELECT given.database, given.id FROM unnest(?, ?) AS given (database, id)
            ON CONFLICT DO NOTHING RETURNING database, id
            """;

    private final Database database;

    public QuarantineArchive(Database database) {
        this.database = database;
    }

    /** How many records there are, and the newest id: what is quarantined later is not exported. */
    public Extent extent(QuarantineFilter filter) {
        String sql = "SELECT count(*), coalesce(max(id), 0) FROM sluice.quarantine" + filter.where();
        return database.transact(READ, connection -> Query.of(connection, sql, filter.parameters())
                .one(row -> new Extent(row.getLong(1), row.getLong(2))));
    }

    /**
     * The next records by id, in one transaction: up to 500, or of 8 MiB.
     *
     * @param of the database's installation id
     * @param after the last id of the page before; 0 for the first page
     * @param last the last id wanted
     * @return empty when there are no more
     */
    public List<Read> page(UUID of, QuarantineFilter filter, long after, long last) {
        String sql = PAGE.formatted(filter.where());
        Object[] parameters = filter.parameters(after, last, PAGE_RECORDS, PAGE_BYTES);
        return database.transact(READ, connection -> Query.of(connection, sql, parameters)
                .list(row -> new Read(ArchivedEntry.of(of, row), row.getString("row_version"))));
    }

    /**
     * Deletes nothing.
     *
     * @throws dev.sluice.failure.InfrastructureException as {@link #take} would, if this user may not delete
     */
    public void requireTake() {
        Object[] none = {Query.array("bigint", new Object[0]), Query.texts(List.of())};
        database.transact(DELETE, connection -> Query.of(connection, TAKE, none).update());
    }

    /**
     * Deletes records that are in a file, and notes that they may come back. Leaves what was changed, replayed or purged since
     * it was read.
     *
     * @param ids of the records
     * @param versions of each, as {@link Read#version}
     * @return how many it deleted
     */
    public long take(List<Long> ids, List<String> versions) {
        long taken = 0;
        for (int from = 0; from < ids.size(); from += DELETED_AT_ONCE) {
            int to = Math.min(from + DELETED_AT_ONCE, ids.size());
            Object[] parameters = {
                Query.array("bigint", ids.subList(from, to).toArray()), Query.texts(versions.subList(from, to))
            };
            taken += database.transact(DELETE, connection -> {
                long deleted = Query.of(connection, TAKE, parameters).update();
                FailPoint.BEFORE_COMMIT.pass();
                return deleted;
            });
            FailPoint.AFTER_COMMIT.pass();
        }
        return taken;
    }

    /**
     * Puts records back that may come back, in one transaction.
     *
     * @param into this database's installation id
     * @param entries of this database or of others, in any order; may name one twice
     */
    public Restored restore(UUID into, List<ArchivedEntry> entries) {
        return database.transact(IMPORT, connection -> {
            Set<Key> admitted = new HashSet<>(back(connection, into, entries));
            admitted.addAll(firstTime(connection, into, entries));
            Set<Long> present = present(connection, into, entries);
            List<Object[]> rows = new ArrayList<>();
            long there = 0;
            for (ArchivedEntry entry : entries) {
                Key key = Key.of(entry);
                if (admitted.remove(key)) {
                    rows.add(entry.parameters(into));
                } else if (key.database.equals(into) && present.contains(key.id)) {
                    there++;
                }
            }
            if (!rows.isEmpty()) {
                Query.updateAll(connection, INSERT, rows);
            }
            FailPoint.BEFORE_COMMIT.pass();
            return new Restored(rows.size(), there, entries.size() - rows.size() - there);
        });
    }

    private static List<Key> back(Connection connection, UUID into, List<ArchivedEntry> entries) throws SQLException {
        return Query.of(connection, BACK, ids(into, entries)).list(row -> new Key(into, row.getLong(1)));
    }

    private static List<Key> firstTime(Connection connection, UUID into, List<ArchivedEntry> entries)
            throws SQLException {
        List<Key> foreign = entries.stream()
                .map(Key::of)
                .filter(key -> !key.database.equals(into))
                .toList();
        return Query.of(
                        connection,
                        FIRST_TIME,
                        Query.array("uuid", foreign.stream().map(Key::database).toArray()),
                        Query.array("bigint", foreign.stream().map(Key::id).toArray()))
                .list(row -> new Key(row.getObject(1, UUID.class), row.getLong(2)));
    }

    private static Set<Long> present(Connection connection, UUID into, List<ArchivedEntry> entries)
            throws SQLException {
        return new HashSet<>(
                Query.of(connection, "SELECT id FROM sluice.quarantine WHERE id = ANY (?)", ids(into, entries))
                        .list(row -> row.getLong(1)));
    }

    private static Query.Parameter ids(UUID into, List<ArchivedEntry> entries) {
        return Query.array(
                "bigint",
                entries.stream()
                        .map(Key::of)
                        .filter(key -> key.database.equals(into))
                        .map(Key::id)
                        .toArray());
    }

    /** @param last the newest id; 0 when there is none */
    public record Extent(long records, long last) {}

    /**
     * @param entry a record
     * @param version changes when the record does
     */
    public record Read(ArchivedEntry entry, String version) {

        /** Shows no part of the record. */
        @Override
        public String toString() {
            return "Read[sealed]";
        }
    }

    /**
     * @param imported records that are in the quarantine again
     * @param present records that were there
     * @param settled records that may not come back: replayed, purged, or imported before
     */
    public record Restored(long imported, long present, long settled) {

        /** None of any. */
        public static final Restored NONE = new Restored(0, 0, 0);

        /** The sum. */
        public Restored plus(Restored other) {
            return new Restored(imported + other.imported, present + other.present, settled + other.settled);
        }
    }

    private record Key(UUID database, long id) {

        static Key of(ArchivedEntry entry) {
            return new Key(entry.database(), entry.sealed().entry().id());
        }
    }
}
