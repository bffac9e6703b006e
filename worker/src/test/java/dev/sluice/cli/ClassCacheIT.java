package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cli.command.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The class cache of {@code bin/sluice}: made when it should be, used where it fits, and never in the way. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClassCacheIT {

    private static final Path ROOT = Path.of(System.getProperty("user.dir")).resolve("..");

    @TempDir
    private Path folder;

    /** How a command ended, and all that it printed. */
    private record Ended(int exitCode, String output) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    /** A program in the JVM's place prints its arguments, and writes what a training run would write. */
    @Nested
    class Launcher {

        @Test
        void makesNoCacheForAnInstallationUnlessAsked() throws Exception {
            Path sluice = installation(25);

            assertThat(run(sluice, Map.of(), "run").lines()).noneMatch(Launcher::isCacheOption);
            assertThat(home().resolve("class-cache")).doesNotExist();

            assertThat(run(sluice, Map.of(), "--make-class-cache")).isEqualTo(new Ended(0, ""));
            assertThat(run(sluice, Map.of(), "run").lines())
                    .contains("-XX:AOTCache=" + onlyCache())
                    .containsSubsequence("-Xlog:aot*=off", "-XX:AOTCache=" + onlyCache(), "dev.sluice.Main", "run");
            assertThat(onlyCache().toString()).endsWith(".aot");
        }

        /** With none of what the caller has set, such as a debugger's port. */
        @Test
        void trainsWithItsOwnOptionsOnly() throws Exception {
            Path sluice = installation(25);

            run(
                    sluice,
                    Map.of("SLUICE_JAVA_OPTS", "-Da=b", "SLUICE_KEYS", "k", "JDK_JAVA_OPTIONS", "-Dc=d"),
                    "--make-class-cache");

            assertThat(Files.readString(onlyCache()))
                    .contains("-XX:-HeapDumpOnOutOfMemoryError", "dev.sluice.cli.Training", "keys=\n", "jdk=\n")
                    .doesNotContain("-Da=b");
        }

        @Test
        void sharesClassDataOnOlderJdks() throws Exception {
            Path sluice = installation(21);

            run(sluice, Map.of(), "--make-class-cache");

            assertThat(run(sluice, Map.of(), "run").lines())
                    .contains("-XX:SharedArchiveFile=" + onlyCache(), "-Xlog:cds*=off")
                    .noneMatch(line -> line.contains("aot"));
            assertThat(Files.readString(onlyCache())).contains("-XX:ArchiveClassesAtExit=");
        }

        /** The JVM does not notice each of these. */
        @ParameterizedTest
        @ValueSource(strings = {"a jar's size", "a jar's time", "one more jar", "the JVM's build", "the folder"})
        void doesNotUseTheCacheOfSomethingElse(String changed) throws Exception {
            Path sluice = installation(25);
            run(sluice, Map.of(), "--make-class-cache");
            Path jar = home().resolve("lib/sluice-worker.jar");
            switch (changed) {
                case "a jar's size" -> {
                    FileTime time = Files.getLastModifiedTime(jar);
                    Files.writeString(jar, "other");
                    Files.setLastModifiedTime(jar, time);
                }
                case "a jar's time" ->
                    Files.setLastModifiedTime(
                            jar,
                            FileTime.from(
                                    Files.getLastModifiedTime(jar).toInstant().plusNanos(1_000_000)));
                case "one more jar" -> Files.writeString(home().resolve("lib/more.jar"), "");
                case "the JVM's build" -> Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.4\"\n");
                default -> {
                    Files.move(home(), folder.resolve("moved"));
                    sluice = folder.resolve("moved/bin/sluice");
                }
            }

            assertThat(run(sluice, Map.of(), "run").lines())
                    .contains("dev.sluice.Main")
                    .noneMatch(Launcher::isCacheOption);
        }

        @Test
        void removesTheCachesOfEarlierBuilds() throws Exception {
            Path sluice = installation(25);
            run(sluice, Map.of(), "--make-class-cache");
            Path earlier = onlyCache();
            Files.setLastModifiedTime(earlier, FileTime.from(Instant.EPOCH));
            Files.writeString(home().resolve("lib/sluice-worker.jar"), "other");

            run(sluice, Map.of(), "--make-class-cache");

            assertThat(onlyCache()).isNotEqualTo(earlier);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "SLUICE_CLASS_CACHE=off",
                    "SLUICE_JAVA_OPTS=-Xshare:off",
                    "JDK_JAVA_OPTIONS=-XX:AOTCacheOutput=x",
                    "JAVA_TOOL_OPTIONS=-XX:SharedArchiveFile=x"
                })
        void leavesTheCacheToACallerWhoHasChosen(String variable) throws Exception {
            Path sluice = installation(25);
            run(sluice, Map.of(), "--make-class-cache");
            String[] chosen = variable.split("=", 2);

            assertThat(run(sluice, Map.of(chosen[0], chosen[1]), "run").lines()).noneMatch(Launcher::isCacheOption);
        }

        @Test
        void startsTheCommandWhenTheTrainingFails() throws Exception {
            Path sluice = installation(25);

            Ended made = run(sluice, Map.of("BREAK", "yes"), "--make-class-cache");

            assertThat(made.exitCode()).isEqualTo(1);
            assertThat(made.lines()).singleElement().asString().contains("could not be made", ".failed");
            assertThat(files()).singleElement().asString().endsWith(".failed");
            assertThat(run(sluice, Map.of(), "run").lines()).contains("run").noneMatch(Launcher::isCacheOption);
        }

        @Test
        void startsTheCommandWhenNothingCanBeWritten() throws Exception {
            Path sluice = installation(25);
            Files.writeString(home().resolve("class-cache"), "not a folder");

            Ended made = run(sluice, Map.of(), "--make-class-cache");

            assertThat(made.exitCode()).isEqualTo(78);
            assertThat(made.lines()).singleElement().asString().endsWith("is not writable");
            assertThat(run(sluice, Map.of(), "run").lines()).contains("run").noneMatch(Launcher::isCacheOption);
        }

        @Test
        void startsTheCommandOnAnUnknownJdk() throws Exception {
            Path sluice = installation(25);
            Files.delete(folder.resolve("jdk/release"));

            assertThat(run(sluice, Map.of(), "--make-class-cache").exitCode()).isEqualTo(78);
            assertThat(run(sluice, Map.of(), "run").lines()).contains("run").noneMatch(Launcher::isCacheOption);
        }

        /** A training run that was killed leaves its lock. */
        @ParameterizedTest
        @ValueSource(strings = {"", "2147483647"})
        void takesOverTheLockOfTheDead(String owner) throws Exception {
            Path sluice = installation(25);
            Path lock = Files.createDirectories(home().resolve("class-cache/lock"));
            Files.writeString(lock.resolve("new"), "half a cache");
            if (!owner.isEmpty()) {
                Files.writeString(lock.resolve("pid"), owner);
            }

            assertThat(run(sluice, Map.of(), "--make-class-cache").exitCode()).isZero();
            assertThat(Files.readString(onlyCache())).contains("dev.sluice.cli.Training");
        }

        @Test
        void twoAtOnceTrainOnce() throws Exception {
            Path sluice = installation(25);
            Path go = folder.resolve("go");
            Process first = start(sluice, Map.of("WAIT_FOR", go.toString()), "--make-class-cache");
            await().until(() -> Files.exists(home().resolve("class-cache/lock/pid")));
            Process second = start(sluice, Map.of(), "--make-class-cache");

            Files.createFile(go);

            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
            assertThat(Files.readString(onlyCache())).contains("wait=" + go);
        }

        @Test
        void jarsThatChangeDuringTheTrainingGetNoCache() throws Exception {
            Path sluice = installation(25);
            Path go = folder.resolve("go");
            Process made = start(sluice, Map.of("WAIT_FOR", go.toString()), "--make-class-cache");
            await().until(() -> Files.exists(home().resolve("class-cache/lock/scratch")));
            Files.writeString(home().resolve("lib/sluice-worker.jar"), "other");

            Files.createFile(go);

            assertThat(made.waitFor()).isEqualTo(1);
            assertThat(files()).singleElement().asString().endsWith(".failed");
        }

        @Test
        void checkoutMakesTheCacheBesideItsFirstCommand() throws Exception {
            Path sluice = checkout();

            assertThat(run(sluice, Map.of(), "run").lines()).contains("run").noneMatch(Launcher::isCacheOption);
            Path caches = home().resolve("target/class-cache");
            await().until(() -> endsWith(caches, ".aot").size() == 1 && !Files.exists(caches.resolve("lock")));

            assertThat(run(sluice, Map.of(), "demo").lines())
                    .contains("-XX:AOTCache=" + endsWith(caches, ".aot").getFirst());
        }

        @Test
        void checkoutDoesNotRepeatATrainingThatFailed() throws Exception {
            Path sluice = checkout();
            Path caches = home().resolve("target/class-cache");
            run(sluice, Map.of("BREAK", "yes"), "run");
            await().until(() -> endsWith(caches, ".failed").size() == 1 && !Files.exists(caches.resolve("lock")));

            FileTime failed =
                    Files.getLastModifiedTime(endsWith(caches, ".failed").getFirst());
            run(sluice, Map.of(), "run");

            assertThat(endsWith(caches, ".aot")).isEmpty();
            assertThat(Files.getLastModifiedTime(endsWith(caches, ".failed").getFirst()))
                    .isEqualTo(failed);
            assertThat(caches.resolve("lock")).doesNotExist();
        }

        private static boolean isCacheOption(String argument) {
            return argument.startsWith("-XX:AOTC")
                    || argument.startsWith("-XX:SharedArchive")
                    || argument.startsWith("-Xlog");
        }
    }

    @Nested
    class Options {

        @ParameterizedTest
        @ValueSource(strings = {"show 5", "--help", "", "keys list"})
        void shortCommandsAreNotOptimized(String command) throws Exception {
            assertThat(run(installation(25), Map.of(), command.isEmpty() ? new String[0] : command.split(" ", -1))
                            .lines())
                    .contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        }

        @ParameterizedTest
        @ValueSource(strings = {"run", "rewrap", "unheard-of"})
        void othersAre(String command) throws Exception {
            assertThat(run(installation(25), Map.of(), command).lines()).doesNotContain("-XX:TieredStopAtLevel=1");
        }

        @Test
        void aRunThatEndsByItselfIsOptimizedLater() throws Exception {
            String later = "-XX:Tier4InvocationThreshold=50000";

            assertThat(run(installation(25), Map.of(), "run", "--until-empty").lines())
                    .contains(later, "-XX:-AOTReplayTraining");
            assertThat(run(installation(21), Map.of(), "run", "--output", "json", "--until-empty")
                            .lines())
                    .contains(later)
                    .doesNotContain("-XX:-AOTReplayTraining");
            assertThat(run(installation(25), Map.of(), "run").lines()).doesNotContain(later);
        }

        /** The JVM does not start with two collectors. */
        @ParameterizedTest
        @ValueSource(strings = {"SLUICE_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"})
        void callerChoosesTheCollector(String variable) throws Exception {
            for (String command : List.of("run", "show")) {
                assertThat(run(installation(25), Map.of(variable, "-Xmx1g -XX:+UseZGC"), command)
                                .lines())
                        .doesNotContain("-XX:+UseSerialGC");
            }
        }

        @Test
        void everyCommandIsShortOrLong() throws IOException {
            String launcher = Files.readString(ROOT.resolve("bin/sluice")).replace("\\\n", "");
            List<String> named = Stream.of("short_commands", "long_commands")
                    .map(list -> launcher.replaceAll("(?s).*\n" + list + "=\"([^\"]*)\".*", "$1"))
                    .flatMap(list -> Stream.of(list.split(" ")))
                    .filter(name -> !name.startsWith("-"))
                    .toList();

            assertThat(named)
                    .containsExactlyInAnyOrderElementsOf(new Sluice(Console.system())
                            .commandLine()
                            .getSubcommands()
                            .keySet());
        }
    }

    /** The jars of this build on this JVM. */
    @Nested
    class Jvm {

        @Test
        void acceptsTheCacheAndIgnoresWhatIsLeftOfOne() throws Exception {
            Path sluice = launcher(Files.createDirectories(home().resolve("lib")));
            copyJars();
            Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
            assertThat(run(sluice, java, "--make-class-cache")).isEqualTo(new Ended(0, ""));
            Path cache = onlyCache();
            byte[] whole = Files.readAllBytes(cache);
            Map<String, String> strict = new HashMap<>(java);
            // Ends the start if the cache does not fit; by default it is ignored.
            strict.put("SLUICE_JAVA_OPTS", Runtime.version().feature() < 25 ? "-Xshare:on" : "-XX:AOTMode=on");

            Ended version = run(sluice, strict, "version");

            assertThat(version.exitCode()).as(version.output()).isZero();
            for (byte[] damaged :
                    List.of(Arrays.copyOf(whole, whole.length / 2), "garbage".getBytes(StandardCharsets.UTF_8))) {
                Files.write(cache, damaged);
                assertThat(run(sluice, java, "version")).isEqualTo(version);
            }
        }

        private void copyJars() throws IOException {
            Path target = ROOT.resolve("worker/target");
            Files.copy(target.resolve("sluice-worker.jar"), home().resolve("lib/sluice-worker.jar"));
            try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
                for (Path jar : jars.toList()) {
                    Files.createSymbolicLink(home().resolve("lib").resolve(jar.getFileName()), jar.toRealPath());
                }
            }
        }
    }

    // --- homes

    private Path home() {
        return folder.resolve("the home");
    }

    private Path installation(int java) throws IOException {
        Path lib = Files.createDirectories(home().resolve("lib"));
        Files.writeString(lib.resolve("sluice-worker.jar"), "jar");
        writeJava(java);
        return launcher(lib);
    }

    private Path checkout() throws IOException {
        for (String jar : List.of("worker/target/sluice-worker.jar", "embedded/target/sluice-embedded.jar")) {
            Files.createDirectories(home().resolve(jar).getParent());
            Files.writeString(home().resolve(jar), "jar");
        }
        Files.createDirectories(home().resolve("worker/target/lib"));
        Files.writeString(home().resolve("worker/target/lib/other.jar"), "jar");
        Files.createDirectories(home().resolve("target"));
        writeJava(25);
        return launcher(home());
    }

    private Path launcher(Path made) throws IOException {
        assertThat(made).isDirectory();
        Path launcher = Files.createDirectories(home().resolve("bin")).resolve("sluice");
        if (!Files.exists(launcher, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(ROOT.resolve("bin/sluice"), launcher);
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        }
        return launcher;
    }

    private void writeJava(int version) throws IOException {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        // A training run gets no variables, so what these tests ask of it lies in files.
        Files.writeString(
                java,
                """
                #!/bin/sh
                if [ "$1" = -version ]; then echo "java version \\"25.0.1\\"" >&2; exit 0; fi
                for argument in "$@"; do
                    case $argument in
                        -XX:AOTCacheOutput=* | -XX:ArchiveClassesAtExit=*) new=${argument#*=} ;;
                    esac
                done
                if [ -n "${new-}" ]; then
                    settings=%s/settings
                    [ ! -e "$settings" ] || . "$settings"
                    while [ -n "${WAIT_FOR-}" ] && [ ! -e "$WAIT_FOR" ]; do sleep 0.1; done
                    [ -z "${BREAK-}" ] || exit 3
                    { printf '%%s\\n' "$@"; echo "wait=${WAIT_FOR-}"; echo "keys=${SLUICE_KEYS-}"; echo "jdk=${JDK_JAVA_OPTIONS-}"; } >"$new"
                else
                    printf '%%s\\n' "$@"
                fi
                """
                        .formatted(folder));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private Path onlyCache() throws IOException {
        return files().stream()
                .reduce((one, other) -> {
                    throw new AssertionError("more than one file: " + one + ", " + other);
                })
                .orElseThrow();
    }

    private List<Path> files() throws IOException {
        return endsWith(home().toRealPath().resolve("class-cache"), "");
    }

    private static List<Path> endsWith(Path caches, String ending) throws IOException {
        if (!Files.exists(caches)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(caches)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    // --- processes

    private Ended run(Path sluice, Map<String, String> environment, String... args) throws Exception {
        Process process = start(sluice, environment, args);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private Process start(Path sluice, Map<String, String> environment, String... args) throws IOException {
        List<String> training = List.of("WAIT_FOR", "BREAK");
        StringBuilder settings = new StringBuilder();
        training.stream()
                .filter(environment::containsKey)
                .forEach(name -> settings.append(name + "='" + environment.get(name) + "'\n"));
        Files.writeString(folder.resolve("settings"), settings);
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("sh", sluice.toString()), Stream.of(args))
                        .toList())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("SLUICE.*|J.*_OPTIONS|LC_ALL|LC_CTYPE|LANG"));
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
