package dev.sluice.postgres;

import dev.sluice.mapping.Original;
import dev.sluice.postgres.QuarantineReader.Entry;
import dev.sluice.postgres.QuarantineReader.Sealed;
import dev.sluice.postgres.QuarantineReplay.Plan;
import dev.sluice.postgres.QuarantineReplay.Sealing;
import dev.sluice.postgres.QuarantineReplay.Selection;
import dev.sluice.postgres.db.SqlError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A replay's statements on {@code sluice.quarantine}. Stateless. */
final class ReplayedEntries {

    private static final String SELECTED =
            " FROM sluice.quarantine WHERE pipeline = ? AND (? OR id = ANY (?)) AND (?::text IS NULL OR reason = ?)";

    private ReplayedEntries() {}

    /**
     * What there is to replay. The newest entry's id bounds it: what a replay adds itself is not replayed.
     */
    static Plan plan(Connection connection, String pipeline, Selection selection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT max(id), count(*), pipeline_version, protection" + SELECTED
                        + " GROUP BY pipeline_version, protection")) {
            bind(connection, statement, pipeline, selection);
            ResultSet found = statement.executeQuery();
            long last = 0;
            long entries = 0;
            Set<Sealing> sealings = new HashSet<>();
            while (found.next()) {
                last = Math.max(last, found.getLong(1));
                entries += found.getLong(2);
                sealings.add(new Sealing(found.getString(3), found.getString(4)));
            }
            return new Plan(selection, entries, last, sealings);
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

    /**
     * Leaves an entry with why it is rejected today, and the key it has today. An original that was bound to no protection
     * is sealed anew.
     */
    static void keep(Connection connection, Entry entry, String version, RejectedRecord reject) throws SQLException {
        SqlError refusal = reject.refusal();
        Original original = reject.rejection().original();
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE sluice.quarantine SET pipeline_version = ?, reason = ?, column_name = ?, sqlstate = ?,"
                        + " constraint_name = ?, idempotency_key = ? WHERE id = ?")) {
            statement.setString(1, version);
            statement.setString(2, reject.rejection().reason().label());
            statement.setString(3, reject.rejection().column());
            statement.setString(4, refusal == null ? null : refusal.sqlState());
            statement.setString(5, refusal == null ? null : refusal.constraint());
            statement.setObject(6, original.idempotencyKey(), Types.BINARY);
            statement.setLong(7, entry.id());
            statement.executeUpdate();
        }
        if (entry.protection() == null) {
            bind(connection, entry.id(), original);
        }
    }

    private static void bind(Connection connection, long id, Original original) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE sluice.quarantine SET original = ?, original_form = ?, protection = ? WHERE id = ?")) {
            statement.setBytes(1, original.seal());
            statement.setString(2, QuarantineTable.label(original.form()));
            statement.setString(3, original.binding().protection());
            statement.setLong(4, id);
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
