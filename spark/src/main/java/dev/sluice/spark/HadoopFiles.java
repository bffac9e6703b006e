package dev.sluice.spark;

import dev.sluice.bulk.FileChangedException;
import dev.sluice.bulk.FileStore;
import dev.sluice.bulk.SourceFile;
import dev.sluice.bulk.UnreadableFileException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.jspecify.annotations.Nullable;

/** Files of whatever file system Hadoop is set up for: {@code s3a}, {@code hdfs}, {@code gs}, {@code abfs}, local. */
final class HadoopFiles implements FileStore {

    private final Configuration configuration;

    HadoopFiles(Configuration configuration) {
        this.configuration = configuration;
    }

    @Override
    public List<SourceFile> list(String path) {
        try {
            Path named = new Path(path);
            FileSystem files = named.getFileSystem(configuration);
            FileStatus @Nullable [] matches = files.globStatus(named);
            List<SourceFile> found = new ArrayList<>();
            for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
                if (match.isFile()) {
                    found.add(sourceFile(match));
                } else {
                    addBelow(files, match.getPath(), found);
                }
            }
            found.sort(Comparator.comparing(SourceFile::path));
            return found;
        } catch (AccessControlException | AccessDeniedException e) {
            throw new InfrastructureException(Kind.NOT_PERMITTED, "could not list " + path + ": it may not be read");
        } catch (IOException | IllegalArgumentException e) {
            throw new InfrastructureException(
                    Kind.CONFIG, "could not list " + path + ": " + e.getClass().getSimpleName());
        }
    }

    private static void addBelow(FileSystem files, Path folder, List<SourceFile> found) throws IOException {
        for (FileStatus each : files.listStatus(folder)) {
            if (FileStore.isHidden(each.getPath().getName())) {
                continue;
            }
            if (each.isDirectory()) {
                addBelow(files, each.getPath(), found);
            } else {
                found.add(sourceFile(each));
            }
        }
    }

    private static SourceFile sourceFile(FileStatus file) {
        String tag = file instanceof EtagSource tagged ? tagged.getEtag() : null;
        Instant modified = Instant.ofEpochMilli(file.getModificationTime());
        return new SourceFile(
                file.getPath().toString(), file.getLen(), tag == null ? modified.toString() : tag, modified);
    }

    @Override
    public InputStream open(SourceFile file, long start, long likelyEnd) throws IOException {
        Path path = new Path(file.path());
        FileSystem files = path.getFileSystem(configuration);
        requireSame(files, path, file);
        try {
            FSDataInputStream in = files.open(path);
            try {
                in.seek(start);
                return in;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (AccessControlException e) {
            throw new AccessDeniedException(file.path());
        }
    }

    /** @throws UnreadableFileException when the file is missing, may not be read, or is not what was listed */
    void requireUnchanged(SourceFile file) throws IOException, UnreadableFileException {
        Path path = new Path(file.path());
        try {
            requireSame(path.getFileSystem(configuration), path, file);
        } catch (FileChangedException | NoSuchFileException | AccessDeniedException e) {
            throw UnreadableFileException.of(e);
        }
    }

    private static void requireSame(FileSystem files, Path path, SourceFile file) throws IOException {
        try {
            if (!sourceFile(files.getFileStatus(path)).equals(file)) {
                throw new FileChangedException();
            }
        } catch (FileNotFoundException e) {
            throw new NoSuchFileException(file.path());
        } catch (AccessControlException e) {
            throw new AccessDeniedException(file.path());
        }
    }
}
