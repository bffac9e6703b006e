package dev.sluice.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Where archives are: a file system, or an object store. Thread-safe. */
public interface FileStore {

    /**
     * The files that a path names: a file, a folder with everything below it, or a pattern with {@code *}, {@code ?}, {@code
     * [..]} or {@code {..}}. Names that begin with a dot or, as {@code _SUCCESS} does, with an underscore are left out, unless
     * the path names the file itself.
     *
     * @return sorted by path; empty when nothing matches
     * @throws dev.sluice.failure.InfrastructureException when the store cannot be read: CONFIG, NOT_PERMITTED or TRANSIENT
     */
    List<SourceFile> list(String path);

    /**
     * The file's bytes from an offset to its end.
     *
     * @param likelyEnd where the caller will stop reading, or soon after
     * @throws FileChangedException when it is not the version that was listed any more
     * @throws java.nio.file.NoSuchFileException when it does not exist any more
     * @throws java.nio.file.AccessDeniedException when it may not be read
     * @throws IOException when the store fails, which may end
     */
    InputStream open(SourceFile file, long start, long likelyEnd) throws IOException;

    /**
     * The files that any of the paths names, each once.
     *
     * @param noMatch makes an exception of a sentence, for a path that names no file
     * @return sorted by path
     * @throws dev.sluice.failure.InfrastructureException as {@link #list}
     */
    default Collection<SourceFile> listAll(List<String> paths, Function<String, RuntimeException> noMatch) {
        SortedMap<String, SourceFile> files = new TreeMap<>();
        for (String path : paths) {
            List<SourceFile> found = list(path);
            if (found.isEmpty()) {
                throw noMatch.apply("no file matches " + path);
            }
            found.forEach(file -> files.put(file.path(), file));
        }
        return files.values();
    }

    /** Whether a file or folder of that name is left out. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }
}
