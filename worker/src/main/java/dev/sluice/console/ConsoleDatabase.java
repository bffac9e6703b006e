package dev.sluice.console;

import dev.sluice.app.Assembly;
import dev.sluice.postgres.db.Database;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The console's reads of the database: few at the same time, each short, over connections of their own. Opens no connection
 * before the first read. Thread-safe.
 */
final class ConsoleDatabase implements AutoCloseable {

    /** How long a page waits for others. */
    private static final long TURN_MILLIS = 1_500;

    private final Database views;
    private final Semaphore turns = new Semaphore(Database.VIEW_CONNECTIONS, true);

    /** @throws dev.sluice.config.SettingsException when its address is malformed */
    ConsoleDatabase(Assembly assembly) {
        this.views = assembly.consoleViews();
    }

    /**
     * Reads.
     *
     * @throws RefusedException when others read for too long
     * @throws dev.sluice.failure.InfrastructureException when the database is unavailable, or the login may not read this
     */
    <T> T read(Function<Database, T> reader) {
        return inTurn(() -> reader.apply(views));
    }

    /** Does something that reads over a connection of its own. */
    <T> T inTurn(Supplier<T> reading) {
        try {
            if (!turns.tryAcquire(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
                throw RefusedException.busy(
                        "The console is reading other pages from the database. Try again in a few seconds.");
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw RefusedException.busy("The console is closing.");
        }
        try {
            return reading.get();
        } finally {
            turns.release();
        }
    }

    @Override
    public void close() {
        views.close();
    }
}
