package dev.sluice.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of a process from {@code /proc/PID/status} (proc(5)). Stateless. */
final class Memory {

    private static final String PEAK = "VmHWM:";
    private static final int KIB_PER_MIB = 1024;

    private Memory() {}

    /** Largest resident set so far, in MiB; 0 if the process has ended. */
    static double peakMib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                    .sum();
        } catch (IOException ended) {
            return 0;
        }
    }
}
