package dev.sluice.app;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.Mapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapper of a running worker: compiled anew whenever the keyset file changes or somebody {@linkplain #requestReload asks}, so
 * that keys rotate without a restart. A file that cannot be used leaves the keys as they are, with a warning. A message is
 * mapped under one set of keys, the one in force when it began. Thread-safe.
 */
final class ReloadingMapper implements Mapper, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingMapper.class);

    /** How often the file is looked at: soon enough for a person who waits, and nothing beside a batch's work. */
    static final Duration LOOK = Duration.ofSeconds(10);

    private final Assembly assembly;
    private final Path file;
    private final Semaphore asked = new Semaphore(0);
    private final Thread looking;
    private volatile Mapper current;
    private long droppedBefore;
    private Keysets keysets;
    private Optional<Stamp> seen;

    /**
     * Reads the keys and looks after them until closed.
     *
     * @throws KeysException when the keys cannot be used
     * @throws InfrastructureException when they are encrypted and cannot be decrypted
     */
    ReloadingMapper(Assembly assembly) {
        this.assembly = assembly;
        this.file = assembly.keysFile();
        // Before the file is read: a change in between is seen as one.
        this.seen = Stamp.of(file);
        this.keysets = assembly.keysets();
        this.current = assembly.mapper(keysets);
        this.looking = Thread.ofVirtual().name("keys").start(this::look);
    }

    /** The key of a KMS that the keys are encrypted by; empty when they lie in clear. */
    synchronized Optional<String> encryptedBy() {
        return keysets.encryptedBy();
    }

    /** Makes the file be read again, changed or not. Returns at once. */
    void requestReload() {
        asked.release();
    }

    @Override
    public Unpacked unpack(String messageId, Instant sentAt, byte[] body) {
        return current.unpack(messageId, sentAt, body);
    }

    /** Those that were dropped while keys were exchanged may be missing from the sum. */
    @Override
    public synchronized long droppedFields() {
        return droppedBefore + current.droppedFields();
    }

    @Override
    public void close() {
        looking.interrupt();
    }

    private void look() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean wanted = asked.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                asked.drainPermits();
                Optional<Stamp> found = Stamp.of(file);
                if (wanted || !found.equals(seen)) {
                    reload(found);
                }
            }
        } catch (InterruptedException closed) {
            // the worker ends, and so does this thread
        }
    }

    private void reload(Optional<Stamp> found) {
        try {
            Keysets read = assembly.keysets();
            requireSameProtection(read);
            requireEveryKey(read);
            requireSameKeys(read);
            exchange(read, assembly.mapper(read));
            seen = found;
            LOG.info("Keys were read again; new values are made with {}.", primaryKeys(read));
            warnOfClearKeys();
        } catch (KeysException unfit) {
            seen = found;
            warn(unfit.getMessage());
        } catch (InfrastructureException unanswered) {
            // While the KMS is away, the next look asks again.
            seen = unanswered.kind() == Kind.TRANSIENT ? seen : found;
            warn(unanswered.getMessage());
        }
    }

    private static void warn(String reason) {
        LOG.warn("Keys could not be read again, so those from before stay in force: {}", reason);
    }

    private synchronized void exchange(Keysets read, Mapper compiled) {
        droppedBefore += current.droppedFields();
        keysets = read;
        current = compiled;
    }

    /** Who can write the file but not ask the KMS must not be able to bring keys of his own. */
    private void requireSameProtection(Keysets read) {
        if (encryptedBy().isPresent() && read.encryptedBy().isEmpty()) {
            throw new KeysException(file + " is in clear, and was encrypted by "
                    + encryptedBy().orElseThrow() + " before. If that is meant, restart the worker");
        }
    }

    /** An id stands for one key for good: with other bytes under it, values would no longer join with those from before. */
    private void requireSameKeys(Keysets read) {
        String changed =
                keysets.contradictedBy(read).stream().map(KeyInfo::hexId).collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            throw new KeysException(
                    file + " holds other keys under ids that it had, " + changed
                            + ", or keys that were destroyed: it was changed or is another. If that is meant, restart the worker");
        }
    }

    /** At start and at each reload. */
    void warnOfClearKeys() {
        if (encryptedBy().isEmpty()) {
            LOG.warn("The keys lie in clear text in {}: whoever reads that file can unmask the table.", file);
        }
    }

    /** A keyset file forgets no id, not even of a destroyed key: one that lacks some is another file, or an older one. */
    private void requireEveryKey(Keysets read) {
        String missing = keysets.list().stream()
                .filter(key -> read.find(key.id()).isEmpty())
                .map(KeyInfo::hexId)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new KeysException(file + " lacks keys that it had, " + missing
                    + ": it is an older one or another. If that is meant, restart the worker");
        }
    }

    private static String primaryKeys(Keysets keysets) {
        return keysets.list().stream()
                .filter(KeyInfo::primary)
                .map(key -> key.hexId() + " (" + key.field() + ")")
                .collect(Collectors.joining(", "));
    }

    /**
     * What tells one state of the file from another. Links are followed: orchestrators swap them.
     *
     * @param inode the file system's own name of the file; null where it has none
     */
    private record Stamp(FileTime modified, long bytes, @Nullable Object inode) {

        /** Empty when the file cannot be looked at. */
        static Optional<Stamp> of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Stamp(found.lastModifiedTime(), found.size(), found.fileKey()));
            } catch (IOException gone) {
                return Optional.empty();
            }
        }
    }
}
