package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Attempts.Unfinished;
import dev.sluice.pipeline.Message;
import dev.sluice.postgres.db.Database;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttemptTableIT {

    private final Message first = Batches.message("d1ba1bb8-6d0a-4f4e-9a52-3b1a7a3c9c11", 2);
    private final Message second = Batches.message("a name that is no UUID", 3);

    private final TestDatabase server = TestDatabase.migrated();
    private final Database database = server.open();
    private final AttemptTable attempts = new AttemptTable(database);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tellsWhatAWorkerThatDiedHadInFlightAndHowItTriedThat() {
        assertThat(attempts.begin(List.of(first, second))).isEmpty();
        attempts.beginAlone(second);

        assertThat(attempts.begin(List.of(second, first)))
                .containsOnlyKeys(first.id(), second.id())
                .containsEntry(first.id(), Unfinished.TOGETHER)
                .containsEntry(second.id(), Unfinished.ALONE);
    }

    @Test
    void forgetsWhatHasEnded() {
        attempts.begin(List.of(first, second));
        attempts.end(List.of(first));

        assertThat(attempts.begin(List.of(first, second))).containsOnlyKeys(second.id());
    }

    @Test
    void forgetsWhatNoQueueCanDeliverAnyMore() {
        attempts.begin(List.of(first));
        server.execute("UPDATE sluice.attempt SET began_at = now() - interval '16 days'");
        attempts.end(List.of(second));

        assertThat(attempts.begin(List.of(first))).isEmpty();
    }

    @Test
    void takesAWholeBatch() {
        List<Message> many = IntStream.range(0, 10_000)
                .mapToObj(i -> Batches.message("message " + i, 2))
                .toList();

        assertThat(attempts.begin(many)).isEmpty();
        assertThat(attempts.begin(many)).hasSize(10_000);
        attempts.end(many);
        assertThat(server.count("sluice.attempt")).isZero();
    }
}
