package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** How tests start {@code sluice}: hundreds of processes that end before a JVM has warmed up. */
public final class ShortProcess {

    /** Where PostgreSQL's binaries are kept, for a process that starts a server. */
    private static final String BINARIES = "sluice.embedded.binaries";

    /** A folder for a class cache of the tests' own; not set where tests run without Maven. */
    private static final String CLASS_CACHE = "sluice.test.class-cache";

    private static final String JAR = "sluice-worker.jar";

    /** Options that take half the CPU time of a short process (measured with {@code sluice version}, 2026-11-22). */
    private static final List<String> COMPILER = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Those, and the binaries. */
    public static final List<String> JAVA_OPTIONS =
            Stream.concat(COMPILER.stream(), binaries()).toList();

    private ShortProcess() {}

    /** The same, a class cache, and one more option, as a value of SLUICE_JAVA_OPTS, which is split at blanks. */
    public static String javaOptions(String option) {
        return String.join(" ", JAVA_OPTIONS) + " " + ClassCache.OPTIONS + option;
    }

    private static Stream<String> binaries() {
        String folder = System.getProperty(BINARIES);
        return folder == null || folder.indexOf(' ') >= 0 ? Stream.empty() : Stream.of("-D" + BINARIES + "=" + folder);
    }

    /** For {@code bin/sluice}: of other processes, the class path has the tests' folders, which no cache takes. */
    private static final class ClassCache {

        static final String OPTIONS = options();

        private static String options() {
            String folder = System.getProperty(CLASS_CACHE);
            Path cache = folder == null || folder.indexOf(' ') >= 0 ? null : classCache(Path.of(folder));
            // A JVM that does not take the cache says so on standard output, and goes on without.
            return cache == null ? "" : "-Xlog:disable -XX:SharedArchiveFile=" + cache + " ";
        }

        /** The cache, made by the first test JVM that needs it while others go without; null if there is none. */
        private static @Nullable Path classCache(Path folder) {
            Path jar = folder.resolveSibling(JAR);
            if (!Files.exists(jar)) {
                return null;
            }
            try {
                Files.createDirectories(folder);
                Path cache = folder.resolve(identity(jar) + ".jsa");
                try (FileChannel channel = FileChannel.open(
                                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = Files.exists(cache) ? null : channel.tryLock()) {
                    if (lock != null && !Files.exists(cache)) {
                        train(jar, folder, cache);
                    }
                }
                return Files.exists(cache) ? cache : null;
            } catch (IOException e) {
                return null; // a cache only saves time
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        /** The JVM does not notice every changed jar (JDK-8377932), so the name must. */
        private static String identity(Path jar) throws IOException {
            CRC32 sum = new CRC32();
            try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
                for (Path each :
                        Stream.concat(Stream.of(jar), libraries.sorted()).toList()) {
                    sum.update((each + " " + Files.size(each) + " " + Files.getLastModifiedTime(each)).getBytes(UTF_8));
                }
            }
            return Long.toHexString(sum.getValue());
        }

        /** Some five seconds of CPU time; a process then takes a fifth to a half less (measured with doctor and migrate). */
        private static void train(Path jar, Path folder, Path cache) throws IOException, InterruptedException {
            Path part = folder.resolve("part");
            Path scratch = Files.createTempDirectory(folder, "scratch-");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            command.addAll(COMPILER);
            command.addAll(List.of(
                    "-Xlog:disable",
                    "-XX:ArchiveClassesAtExit=" + part,
                    "-cp",
                    jar.toString(),
                    "dev.sluice.cli.Training",
                    scratch.toString()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().removeIf(name -> name.matches("(AWS_|SLUICE_|PG).*"));
            Process training = builder.start();
            if (!training.waitFor(2, TimeUnit.MINUTES)) {
                training.destroyForcibly();
            } else if (training.exitValue() == 0 && Files.exists(part)) {
                Files.move(part, cache, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
