package dev.sluice.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** CPU seconds of processes, user and system, from {@code /proc/PID/stat} (proc(5)); in steps of 10 ms. Stateless. */
final class Cpu {

    /** {@code USER_HZ}: 100 on every architecture that the JDK supports. */
    private static final double TICKS_PER_SECOND = 100;

    // Fields of the file, counted from the state, which follows the name in parentheses.
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int ENDED_CHILDREN_SYSTEM = 14;

    private Cpu() {}

    /** Of a living process, without its children; 0 if it has ended. */
    static double ofProcess(long pid) {
        String[] fields = stat(pid);
        return fields.length == 0 ? 0 : seconds(fields, USER, USER + 1);
    }

    /** Of all children of this JVM, and of theirs, that have ended so far. */
    static double ofEndedChildren() {
        return seconds(stat(ProcessHandle.current().pid()), USER + 2, ENDED_CHILDREN_SYSTEM);
    }

    /** Of a living process, its ended children and its living children: a PostgreSQL server with all its backends. */
    static double ofFamily(long pid) {
        String[] fields = stat(pid);
        if (fields.length == 0) {
            return 0;
        }
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            double living = processes
                    .map(process -> process.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .mapToLong(Long::parseLong)
                    .filter(child -> parent(child) == pid)
                    .mapToDouble(Cpu::ofProcess)
                    .sum();
            return living + seconds(fields, USER, ENDED_CHILDREN_SYSTEM);
        } catch (IOException unreadable) {
            throw new IllegalStateException("/proc cannot be read: bench/run needs Linux");
        }
    }

    /** Process id of the parent; -1 if the process has ended. */
    static long parent(long pid) {
        String[] fields = stat(pid);
        return fields.length == 0 ? -1 : Long.parseLong(fields[PARENT]);
    }

    static boolean isNamed(long pid, String name) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals(name);
        } catch (IOException ended) {
            return false;
        }
    }

    private static double seconds(String[] fields, int first, int last) {
        long ticks = 0;
        for (int field = first; field <= last; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static String[] stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        } catch (IOException ended) {
            return new String[0];
        }
    }
}
