package dev.sluice.app;

/** Which release of the program this is. */
public final class Release {

    /** As {@code sluice --version} prints it. */
    public static final String VERSION = "0.1.0";

    private Release() {}
}
