package dev.sluice.recovery.rewrap;

import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the first pass of a rewrap is, in table {@code sluice.rewrap}. Thread-safe. */
final class Checkpoint {

    private static final String ACTION = "keep the progress of a rewrap";

    private final Database database;
    private final String pipeline;
    private final String goal;

    /** @param goal which fields are rewrapped to which keys: progress towards another goal does not count */
    Checkpoint(Database database, String pipeline, String goal) {
        this.database = database;
        this.pipeline = pipeline;
        this.goal = goal;
    }

    /** By partition id, the block before which all are done; empty if the rewrap has not been started. */
    Map<Long, Long> load() {
        return database.transact(ACTION, connection -> {
            Map<Long, Long> marks = new HashMap<>();
            Query.of(
                            connection,
                            "SELECT relation, next_block FROM sluice.rewrap WHERE pipeline = ? AND goal = ?",
                            pipeline,
                            goal)
                    .forEach(row -> marks.put(row.getLong(1), row.getLong(2)));
            return marks;
        });
    }

    /** Keeps the marks of committed pages. */
    void save(Map<Long, Long> marks) {
        List<@Nullable Object[]> rows = marks.entrySet().stream()
                .map(mark -> new @Nullable Object[] {pipeline, goal, mark.getKey(), mark.getValue()})
                .toList();
        database.transact(
                ACTION,
                connection -> Query.updateAll(
                        connection,
                        "INSERT INTO sluice.rewrap AS r (pipeline, goal, relation, next_block) VALUES (?, ?, ?::oid, ?)"
                                + " ON CONFLICT (pipeline, goal, relation) DO UPDATE"
                                + " SET next_block = greatest(r.next_block, excluded.next_block), at = now()",
                        rows));
    }

    /** Forgets the progress: the goal is reached. */
    void clear() {
        database.transact(ACTION, connection -> Query.of(
                        connection, "DELETE FROM sluice.rewrap WHERE pipeline = ? AND goal = ?", pipeline, goal)
                .update());
    }
}
