package dev.sluice.recovery.rewrap;

import dev.sluice.postgres.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;

/** How far the first pass of a rewrap is, in table {@code sluice.rewrap}. Thread-safe. */
final class Checkpoint {

    private static final String ACTION = "keep the progress of a rewrap";

    private final Database database;
    private final String pipeline;
    private final String goal;

    /** @param goal what is rewrapped to which keys: progress towards another goal is none */
    Checkpoint(Database database, String pipeline, String goal) {
        this.database = database;
        this.pipeline = pipeline;
        this.goal = goal;
    }

    /** By a table's id, the block before which all are done; empty when nothing was begun. */
    Map<Long, Long> load() {
        return database.transact(ACTION, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT relation, next_block FROM sluice.rewrap WHERE pipeline = ? AND goal = ?")) {
                statement.setString(1, pipeline);
                statement.setString(2, goal);
                ResultSet found = statement.executeQuery();
                Map<Long, Long> marks = new HashMap<>();
                while (found.next()) {
                    marks.put(found.getLong(1), found.getLong(2));
                }
                return marks;
            }
        });
    }

    /** Keeps marks of pages that are committed. */
    void save(Map<Long, Long> marks) {
        database.transact(ACTION, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "INSERT INTO sluice.rewrap AS r (pipeline, goal, relation, next_block) VALUES (?, ?, ?::oid, ?)"
                            + " ON CONFLICT (pipeline, goal, relation) DO UPDATE"
                            + " SET next_block = greatest(r.next_block, excluded.next_block), at = now()")) {
                for (Map.Entry<Long, Long> mark : marks.entrySet()) {
                    statement.setString(1, pipeline);
                    statement.setString(2, goal);
                    statement.setLong(3, mark.getKey());
                    statement.setLong(4, mark.getValue());
                    statement.addBatch();
                }
                return statement.executeBatch();
            }
        });
    }

    /** Forgets it: the goal is reached. */
    void clear() {
        database.transact(ACTION, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM sluice.rewrap WHERE pipeline = ? AND goal = ?")) {
                statement.setString(1, pipeline);
                statement.setString(2, goal);
                return statement.executeUpdate();
            }
        });
    }
}
