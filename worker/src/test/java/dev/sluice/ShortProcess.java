package dev.sluice;

import java.util.List;

/** How tests start {@code sluice}: hundreds of processes that end before a JVM has warmed up. */
public final class ShortProcess {

    /** Options that take half the CPU time of a short process (measured with {@code sluice version}, 2026-11-22). */
    public static final List<String> JAVA_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private ShortProcess() {}

    /** The same and one more option, as a value of SLUICE_JAVA_OPTS. */
    public static String javaOptions(String option) {
        return String.join(" ", JAVA_OPTIONS) + " " + option;
    }
}
