package dev.sluice.bulk;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files of this machine, or of a volume that all hosts mount at the same place. Symbolic links are followed. */
public final class LocalFiles implements FileStore, FileSink {

    private static final String PATTERN = "*?[{";

    @Override
    public List<SourceFile> list(String path) {
        Path named = Path.of(path).toAbsolutePath().normalize();
        try {
            if (Files.isRegularFile(named)) {
                return List.of(sourceFile(named));
            }
            if (Files.isDirectory(named)) {
                return below(named, file -> true);
            }
            Path folder = folderOf(named);
            return folder.equals(named) || !Files.isDirectory(folder)
                    ? List.of()
                    : below(folder, FileSystems.getDefault().getPathMatcher("glob:" + named));
        } catch (UncheckedIOException e) {
            throw failure(path, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** The last folder that is no pattern. */
    private static Path folderOf(Path named) {
        Path folder = Objects.requireNonNull(named.getRoot());
        for (Path part : named) {
            if (part.toString().chars().anyMatch(each -> PATTERN.indexOf(each) >= 0)) {
                return folder;
            }
            folder = folder.resolve(part);
        }
        return folder;
    }

    private static List<SourceFile> below(Path folder, PathMatcher matcher) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(file -> Files.isRegularFile(file) && matcher.matches(file))
                    .filter(file -> !isHidden(folder.relativize(file)))
                    .map(LocalFiles::sourceFile)
                    .sorted(Comparator.comparing(SourceFile::path))
                    .toList();
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (FileStore.isHidden(part.toString())) {
                return true;
            }
        }
        return false;
    }

    private static SourceFile sourceFile(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant modified = attributes.lastModifiedTime().toInstant();
            return new SourceFile(
                    file.toString(), attributes.size(), modified.toString(), modified.truncatedTo(ChronoUnit.MILLIS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream open(SourceFile file, long start, long end) throws IOException {
        Path path = Path.of(file.path());
        if (!sourceFile(path).equals(file)) {
            throw new FileChangedException();
        }
        FileInputStream in = new FileInputStream(path.toFile());
        try {
            in.getChannel().position(start);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        Path file = Path.of(path).toAbsolutePath().normalize();
        Path folder = Objects.requireNonNull(file.getParent(), "a file has a folder");
        Files.createDirectories(folder, ownersFolder(folder));
        // Readable by its owner only, says its documentation; hidden, should this process be killed.
        Path part = Files.createTempFile(folder, "." + file.getFileName(), ".part");
        try {
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                out.force(true);
            }
            Files.move(part, file); // without REPLACE_EXISTING: refuses to
            if (isPosix(folder)) {
                try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                    entries.force(true); // the name too must outlive a power failure
                }
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static FileAttribute<?>[] ownersFolder(Path folder) {
        return isPosix(folder)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static InfrastructureException failure(String path, IOException failure) {
        Kind kind = failure instanceof AccessDeniedException ? Kind.NOT_PERMITTED : Kind.CONFIG;
        String at = failure instanceof FileSystemException named && named.getFile() != null ? named.getFile() : path;
        return new InfrastructureException(
                kind,
                "could not list " + path + ": " + at + " cannot be read ("
                        + failure.getClass().getSimpleName() + ")");
    }
}
