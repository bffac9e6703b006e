package dev.sluice.cli.command;

/** A number of things, in English. */
public final class Counted {

    private Counted() {}

    /**
     * {@code 1 row}, {@code 0 rows}.
     *
     * @param thing in the singular; its plural ends in s
     */
    public static String of(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
