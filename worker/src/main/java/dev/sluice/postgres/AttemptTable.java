package dev.sluice.postgres;

import dev.sluice.pipeline.Attempts;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Query;
import dev.sluice.postgres.db.Transactions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code sluice.attempt}: the redelivered messages that workers have in flight, recorded in a separate transaction before they
 * are tried. Written through functions, since the worker's role reads no table. Thread-safe.
 */
public final class AttemptTable implements Attempts {

    private static final String ACTION = "record which redelivered messages are tried";

    private final Transactions transactions;

    /** @param database belongs to the caller, who closes it */
    public AttemptTable(Database database) {
        this.transactions = new Transactions(database);
    }

    @Override
    public Map<String, Unfinished> begin(List<Message> messages) {
        Map<UUID, Unfinished> known = transactions.transactQualified(ACTION, connection -> {
            Map<UUID, Unfinished> found = new HashMap<>();
            Query.of(connection, "SELECT message_id, alone FROM sluice.attempts_begin(?)", ids(messages))
                    .forEach(row -> found.put(
                            row.getObject(1, UUID.class), row.getBoolean(2) ? Unfinished.ALONE : Unfinished.TOGETHER));
            return found;
        });
        Map<String, Unfinished> unfinished = new HashMap<>();
        for (Message message : messages) {
            Unfinished attempt = known.get(MessageIds.toUuid(message.id()));
            if (attempt != null) {
                unfinished.put(message.id(), attempt);
            }
        }
        return unfinished;
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
        transactions.transactQualified(
                ACTION, connection -> Query.of(connection, sql, ids(messages)).hasRow());
    }

    /** Always in the same order, so that workers with the same messages wait for each other and do not deadlock. */
    private static Query.Parameter ids(List<Message> messages) {
        return Query.array(
                "uuid",
                messages.stream()
                        .map(message -> MessageIds.toUuid(message.id()))
                        .sorted()
                        .toArray());
    }
}
