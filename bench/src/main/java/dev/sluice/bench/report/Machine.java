package dev.sluice.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Where and when something was measured. Stateless. */
public final class Machine {

    private static final String CPU = "model name";

    private Machine() {}

    /**
     * One sentence.
     *
     * @param postgres its version and how it is set up
     */
    public static String describe(String postgres) {
        return "Measured on %s: %d cores of %s, JDK %s, PostgreSQL %s."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        Runtime.version(),
                        postgres);
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith(CPU))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch", "an unknown processor"));
        } catch (IOException unreadable) {
            return System.getProperty("os.arch", "an unknown processor");
        }
    }
}
