package dev.sluice.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A clock for one process, which can be put forward and back while it runs: libfaketime, loaded before the JVM's own
 * library. What counts time by the monotonic clock goes on as on a real machine.
 */
final class FakeClock {

    /** Debian and Ubuntu have a folder for each architecture there, and faketime's own in it. */
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private static final Path LIBRARY = Path.of("faketime", "libfaketimeMT.so.1");

    private final Path library;
    private final Path file;

    /** @param file gives the process its time, and may be rewritten while it runs */
    FakeClock(Path library, Path file, String offset) {
        this.library = library;
        this.file = file;
        set(offset);
    }

    /** The library of package {@code faketime}, if it is installed. */
    static Optional<Path> library() {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(LIBRARIES)) {
            return folders.map(folder -> folder.resolve(LIBRARY))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How far it is from the machine's, as libfaketime writes it: {@code +1h}, {@code -1h}, {@code +0}. */
    void set(String offset) {
        try {
            Path written = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), offset + "\n");
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process must be started with. It reads the file once a second; at every question for the time it took minutes. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }
}
