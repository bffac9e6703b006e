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
import java.util.EnumSet;
import java.util.Set;

/**
 * A file that its owner alone may read unless it is encrypted, replaced as a whole or not at all. The new content is written beside it, to
 * {@code <name>.new}, which is also the lock: who cannot create that file finds another writer at work. A writer that
 * is killed leaves it behind, and the message of the next one tells to remove it; the file itself is never half
 * written. Not thread-safe.
 */
final class PrivateFile implements AutoCloseable {

    /** A keyset takes some 300 bytes: three thousand fields. What is larger is some other file. */
    private static final long MAX_BYTES = 1 << 20;

    private static final Set<PosixFilePermission> OWNER_READS_AND_WRITES =
            Set.copyOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
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
     * The content, whatever the file's mode; the caller looks at that, and wipes the content after use.
     *
     * @throws KeysException when it does not exist or cannot be read
     */
    static byte[] read(Path file) {
        try {
            requireRegular(file);
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new KeysException("there is no keyset file " + file + ": run 'sluice keys create'");
        } catch (AccessDeniedException denied) {
            throw new KeysException("the keyset file " + file + " may not be read by this user");
        } catch (IOException unreadable) {
            throw new KeysException("the keyset file " + file + " cannot be read");
        }
    }

    /**
     * For keys in clear.
     *
     * @throws KeysException when anyone but the owner may read or write the file
     */
    static void requirePrivate(Path file) {
        Set<PosixFilePermission> mode = mode(file);
        if (!mode.equals(OWNER_READS_AND_WRITES) && !mode.equals(OWNER_READS)) {
            throw new KeysException("the keyset file " + file + " has the mode " + PosixFilePermissions.toString(mode)
                    + ", where only its owner may read it: run 'chmod 600 " + file + "'");
        }
    }

    /**
     * For encrypted keys, which a group may read: an orchestrator mounts its secrets so.
     *
     * @throws KeysException when everybody may write the file
     */
    static void requireNotWritableByAll(Path file) {
        Set<PosixFilePermission> mode = mode(file);
        if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new KeysException("the keyset file " + file + " has the mode " + PosixFilePermissions.toString(mode)
                    + ", so that everybody can replace its keys: run 'chmod o-w " + file + "'");
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
     * @throws KeysException when another writer is at work, or the folder may not be written to
     */
    static PrivateFile replace(Path file) {
        try {
            // A link stays a link: what it points at is replaced.
            Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path replacement = real.resolveSibling(real.getFileName() + ".new");
            FileChannel channel = FileChannel.open(
                    replacement,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_READS_AND_WRITES));
            return new PrivateFile(real, replacement, channel);
        } catch (FileAlreadyExistsException busy) {
            throw new KeysException("someone else is writing the keyset file " + file + "; if nobody is, remove " + file
                    + ".new, left behind by a process that was killed");
        } catch (NoSuchFileException missing) {
            throw new KeysException("the folder of the keyset file " + file + " does not exist");
        } catch (UnsupportedOperationException noModes) {
            throw noModes(file);
        } catch (IOException refused) {
            throw new KeysException(
                    "the keyset file " + file + " cannot be written: may this user write to its folder?");
        }
    }

    /** Gives the replacement the mode of the file that is there, for content that is encrypted before and after. */
    void keepMode() {
        try {
            Files.setPosixFilePermissions(replacement, mode(file));
        } catch (IOException failed) {
            throw new KeysException("the keyset file " + file + " could not be written");
        }
    }

    /**
     * Puts the new content in the file's place: after a power cut it is the old or the new, whole.
     *
     * @throws KeysException when it could not be written, or it is unknown whether it would outlast a power cut
     */
    void commit(byte[] content) {
        try {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
            Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // From here on a file of the replacement's name is another writer's.
            committed = true;
            syncFolder();
        } catch (IOException failed) {
            throw new KeysException("the keyset file " + file + " could not be written");
        }
    }

    /** Lets other writers in, and removes what was not committed. */
    @Override
    public void close() {
        try (channel) {
            if (!committed) {
                Files.deleteIfExists(replacement);
            }
        } catch (IOException stuck) {
            throw new KeysException("remove " + replacement + ", which could not be removed");
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void requireRegular(Path file) throws IOException {
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            throw new KeysException(file + " is not a keyset file");
        }
    }

    private static KeysException noModes(Path file) {
        return new KeysException(
                "the file system of " + file + " has no POSIX file modes, so keys cannot be kept private there");
    }
}
