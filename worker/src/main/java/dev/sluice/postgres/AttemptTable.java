package dev.sluice.postgres;

import dev.sluice.pipeline.Attempts;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.Database;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code sluice.attempt}: the redelivered messages that workers have in flight, each noted in a transaction of its own,
 * before it is tried. Written through functions, since the worker's role reads no table. Thread-safe.
 */
public final class AttemptTable implements Attempts {

    private static final String ACTION = "note which redelivered messages are tried";

    private final Transactions transactions;

    /** @param database stays open: it is the caller's */
    public AttemptTable(Database database) {
        this.transactions = new Transactions(database);
    }

    @Override
    public Map<String, Unfinished> begin(List<Message> messages) {
        Map<UUID, Unfinished> known = transactions.transactQualified(ACTION, connection -> begin(connection, messages));
        Map<String, Unfinished> unfinished = new HashMap<>();
        for (Message message : messages) {
            Unfinished attempt = known.get(MessageIds.toUuid(message.id()));
            if (attempt != null) {
                unfinished.put(message.id(), attempt);
            }
        }
        return unfinished;
    }

    private static Map<UUID, Unfinished> begin(Connection connection, List<Message> messages) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT message_id, alone FROM sluice.attempts_begin(?)")) {
            statement.setArray(1, ids(connection, messages));
            ResultSet found = statement.executeQuery();
            Map<UUID, Unfinished> unfinished = new HashMap<>();
            while (found.next()) {
                unfinished.put(
                        found.getObject(1, UUID.class), found.getBoolean(2) ? Unfinished.ALONE : Unfinished.TOGETHER);
            }
            return unfinished;
        }
    }

    @Override
    public void beginAlone(Message message) {
        call("SELECT sluice.attempts_begin_alone(?)", List.of(message));
    }

    @Override
    public void end(List<Message> messages) {
        call("SELECT sluice.attempts_end(?)", messages);
    }

    private void call(String sql, List<Message> messages) {
        transactions.transactQualified(ACTION, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setArray(1, ids(connection, messages));
                return statement.execute();
            }
        });
    }

    /** In one order, so that workers who hold the same messages wait for, and do not deadlock, each other. */
    private static Array ids(Connection connection, List<Message> messages) throws SQLException {
        return connection.createArrayOf(
                "uuid",
                messages.stream()
                        .map(message -> MessageIds.toUuid(message.id()))
                        .sorted()
                        .toArray());
    }
}
