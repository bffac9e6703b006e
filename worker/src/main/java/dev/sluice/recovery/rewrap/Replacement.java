package dev.sluice.recovery.rewrap;

/** Which values of a column are to be replaced, and by what. Thread-safe. */
public interface Replacement {

    /** The column's name. */
    String column();

    /**
     * The SQL condition that {@link #concerns} is, without parameters.
     *
     * @param text the column as SQL, of type text
     */
    String condition(String text);

    /** Whether a stored value is to be replaced. */
    boolean concerns(String stored);

    /** What by; called for values that it concerns. */
    NewValue renew(String stored);
}
