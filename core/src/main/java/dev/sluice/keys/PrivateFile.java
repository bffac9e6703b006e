package dev.sluice.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only its owner may read unless it is encrypted, replaced as a whole or not at all. New content is written
 * to {@code <name>.new} beside it, which is also the lock: if that file cannot be created, another writer is at work. A
 * killed writer leaves it behind, and the next writer's message says to remove it; the file itself is never half
 * written. Not thread-safe.
 */
final class PrivateFile implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OWNER_READS = Set.of(PosixFilePermission.OWNER_READ);

    private final Path file;
    private final Path replacement;
    private final FileChannel channel;
    private boolean committed;

    private PrivateFile(Path file, Path replacement, FileChannel channel) {
        this.file = file;
        this.replacement = replacement;
        this.channel = channel;
    }

    /**
     * The content, whatever the file's mode: the caller checks the mode, and wipes the content after use.
     *
     * @throws KeysException if it does not exist or cannot be read
     */
    static byte[] read(Path file) {
        try {
            if (!Files.notExists(file) && (!Files.isRegularFile(file) || Files.size(file) > KeysetFile.MAX_BYTES)) {
                throw new KeysException(file + " is not a keyset file");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new KeysException("there is no keyset file " + file
                    + ": restore it from a backup; on a first installation: sluice keys create");
        } catch (AccessDeniedException denied) {
            throw new KeysException("this user may not read the keyset file " + file);
        } catch (IOException unreadable) {
            throw new KeysException("the keyset file " + file + " cannot be read");
        }
    }

    /** For cleartext keys: throws {@link KeysException} if anyone but the owner may read or write the file. */
    static void requirePrivate(Path file) {
        Set<PosixFilePermission> mode = mode(file);
        if (!mode.equals(OWNER_READS_AND_WRITES) && !mode.equals(OWNER_READS)) {
            throw new KeysException("the keyset file " + file + " has the mode " + PosixFilePermissions.toString(mode)
                    + ", but only its owner may read it: run 'chmod 600 " + file + "'");
        }
    }

    /** For encrypted keys, readable by a group as orchestrators mount secrets: refuses a file that all may write. */
    static void requireNotWritableByAll(Path file) {
        Set<PosixFilePermission> mode = mode(file);
        if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new KeysException("the keyset file " + file + " has the mode " + PosixFilePermissions.toString(mode)
                    + ", so anyone can replace its keys: run 'chmod o-w " + file + "'");
        }
    }

    private static Set<PosixFilePermission> mode(Path file) {
        try {
            return Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException noModes) {
            throw noModes(file);
        } catch (IOException gone) {
            throw new KeysException("the keyset file " + file + " cannot be read");
        }
    }

    /**
     * Becomes the only writer of the file, until closed.
     *
     * @throws KeysException if another writer is at work, or the folder is not writable
     */
    static PrivateFile replace(Path file) {
        try {
            // A link stays a link: the file it points to is replaced.
            Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path replacement = real.resolveSibling(real.getFileName() + ".new");
            FileChannel channel = FileChannel.open(
                    replacement,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_READS_AND_WRITES));
            return new PrivateFile(real, replacement, channel);
        } catch (FileAlreadyExistsException busy) {
            throw new KeysException("another process is writing the keyset file " + file + "; if none is, remove "
                    + file + ".new, which a killed process left behind");
        } catch (NoSuchFileException missing) {
            throw new KeysException("the folder of the keyset file " + file + " does not exist");
        } catch (UnsupportedOperationException noModes) {
            throw noModes(file);
        } catch (IOException refused) {
            throw new KeysException(
                    "the keyset file " + file + " cannot be written; check that this user may write to its folder");
        }
    }

    /** Gives the replacement the mode of the existing file, for content that is encrypted before and after. */
    void keepMode() {
        try {
            Files.setPosixFilePermissions(replacement, mode(file));
        } catch (IOException failed) {
            throw new KeysException("the keyset file " + file + " could not be written");
        }
    }

    /**
     * Replaces the file: after a power failure it holds the old or the new content, complete.
     *
     * @throws KeysException if it is too large or cannot be written, or may not survive a power failure
     */
    void commit(byte[] content) {
        if (content.length > KeysetFile.MAX_BYTES) {
            throw new KeysException(
                    "the keyset file " + file + " would have " + (content.length >> 20) + " MiB, and may have "
                            + (KeysetFile.MAX_BYTES >> 20) + ": give some tenants a pipeline and a file of their own");
        }
        try {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
            Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // From here on a file of the replacement's name belongs to another writer.
            committed = true;
            try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException failed) {
            throw new KeysException("the keyset file " + file + " could not be written");
        }
    }

    /** Releases the lock, and removes what was not committed. */
    @Override
    public void close() {
        try (channel) {
            if (!committed) {
                Files.deleteIfExists(replacement);
            }
        } catch (IOException stuck) {
            throw new KeysException(replacement + " could not be removed; remove it by hand");
        }
    }

    private static KeysException noModes(Path file) {
        return new KeysException(
                "the file system of " + file + " has no POSIX file modes, so keys cannot be kept private there");
    }
}
