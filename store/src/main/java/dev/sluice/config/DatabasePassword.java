package dev.sluice.config;

/**
 * The password of a database login, asked for before each new connection. Thread-safe. A password that AWS keeps or makes
 * may fail with {@code InfrastructureException}.
 */
public interface DatabasePassword {

    /** The password for the next connection. May block. */
    String current();

    /**
     * Called when the server refused a password: it may have been rotated.
     *
     * @param refused what {@link #current} returned
     * @return whether {@link #current} now returns another one, so that one more try makes sense
     */
    default boolean renew(String refused) {
        return false;
    }

    /** Whether these are RDS's tokens: another remedy if one is refused. */
    default boolean isToken() {
        return false;
    }

    /** A password that a setting contains. */
    static DatabasePassword of(String text) {
        return new Text(text);
    }

    /** A password that never changes. */
    record Text(String current) implements DatabasePassword {

        /** Without the password. */
        @Override
        public String toString() {
            return "DatabasePassword";
        }
    }

    /** Tokens of RDS: another one each time. */
    @FunctionalInterface
    interface Token extends DatabasePassword {

        @Override
        default boolean isToken() {
            return true;
        }
    }
}
