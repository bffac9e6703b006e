package dev.sluice.postgres;

import dev.sluice.postgres.QuarantineReader.Sealed;
import dev.sluice.postgres.QuarantineReplay.Selection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** A replay's statements on {@code sluice.quarantine}. Stateless. */
final class ReplayedEntries {

    private static final String SELECTED =
            " FROM sluice.quarantine WHERE pipeline = ? AND (? OR id = ANY (?)) AND (?::text IS NULL OR reason = ?)";

    private ReplayedEntries() {}

    /** The newest selected entry's id, 0 when there is none: what a replay adds itself is not replayed. */
    static long last(Connection connection, String pipeline, Selection selection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT coalesce(max(id), 0)" + SELECTED)) {
            bind(connection, statement, pipeline, selection);
            ResultSet found = statement.executeQuery();
            found.next();
            return found.getLong(1);
        }
    }

    /** Entries in order of their ids, held until the transaction ends. */
    static List<Sealed> lock(
            Connection connection, String pipeline, Selection selection, long after, long last, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + QuarantineReader.SEALED_COLUMNS
                + SELECTED + " AND id > ? AND id <= ? ORDER BY id LIMIT ? FOR UPDATE")) {
            bind(connection, statement, pipeline, selection);
            statement.setLong(6, after);
            statement.setLong(7, last);
            statement.setInt(8, limit);
            ResultSet found = statement.executeQuery();
            List<Sealed> entries = new ArrayList<>();
            while (found.next()) {
                entries.add(QuarantineReader.sealed(found));
            }
            return entries;
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, String pipeline, Selection selection)
            throws SQLException {
        statement.setString(1, pipeline);
        statement.setBoolean(2, selection.ids().isEmpty());
        statement.setArray(3, connection.createArrayOf("bigint", selection.ids().toArray()));
        statement.setString(4, selection.reason());
        statement.setString(5, selection.reason());
    }

    /** Leaves an entry with why it is rejected today, and the key it has today. */
    static void keep(Connection connection, long id, String version, Reject reject) throws SQLException {
        Refusal refusal = reject.refusal();
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE sluice.quarantine SET pipeline_version = ?, reason = ?, column_name = ?, sqlstate = ?,"
                        + " constraint_name = ?, idempotency_key = ? WHERE id = ?")) {
            statement.setString(1, version);
            statement.setString(2, reject.rejection().reason().label());
            statement.setString(3, reject.rejection().column());
            statement.setString(4, refusal == null ? null : refusal.sqlState());
            statement.setString(5, refusal == null ? null : refusal.constraint());
            statement.setObject(6, reject.rejection().original().idempotencyKey(), Types.BINARY);
            statement.setLong(7, id);
            statement.executeUpdate();
        }
    }

    static void delete(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM sluice.quarantine WHERE id = ?")) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }
}
