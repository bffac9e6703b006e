package dev.sluice.app;

import dev.sluice.failure.InfrastructureException;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapper of a running worker: compiled again whenever the keyset file changes or {@link #requestReload} is called, so
 * that keys rotate without a restart. If the file cannot be used, the keys stay as they are, with a warning. A message is
 * mapped with one set of keys. Thread-safe.
 */
final class ReloadingMapper implements Mapper, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadingMapper.class);

    /** How often the file is checked: soon enough for a person who waits, and cheap compared to a batch. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    private final Assembly assembly;
    private final Path file;
    private final Semaphore requests = new Semaphore(0);
    private final Thread watcher;
    private volatile Mapper current;
    private long droppedBefore;
    private Keysets keysets;
    private Optional<Stamp> lastSeen;

    /**
     * Reads the keys and watches their file until closed.
     *
     * @throws KeysException if the keys cannot be used
     * @throws InfrastructureException if they are encrypted and cannot be decrypted
     */
    ReloadingMapper(Assembly assembly) {
        this.assembly = assembly;
        this.file = assembly.keysFile();
        // Before the file is read, so that a change in between is noticed.
        this.lastSeen = Stamp.of(file);
        this.keysets = assembly.keysets();
        this.current = assembly.mapper(keysets);
        this.watcher = Thread.ofVirtual().name("keys").start(this::watch);
    }

    /** The KMS key that encrypts the keys; empty if they are in clear text. */
    synchronized Optional<String> encryptedBy() {
        return keysets.encryptedBy();
    }

    /** Makes the file be read again, even if it has not changed. Returns at once. */
    void requestReload() {
        requests.release();
    }

    @Override
    public Unpacked unpack(String messageId, Instant sentAt, byte[] body) {
        return current.unpack(messageId, sentAt, body);
    }

    /** Fields that are dropped during a reload may not be counted. */
    @Override
    public synchronized long droppedFields() {
        return droppedBefore + current.droppedFields();
    }

    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean requested = requests.tryAcquire(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                requests.drainPermits();
                Optional<Stamp> found = Stamp.of(file);
                if (requested || !found.equals(lastSeen)) {
                    reload(found);
                }
            }
        } catch (InterruptedException closed) {
            // the worker ends
        }
    }

    private void reload(Optional<Stamp> found) {
        try {
            Keysets read = assembly.keysets();
            requireSameProtection(read);
            requireEveryKey(read);
            requireSameKeys(read);
            exchange(read, assembly.mapper(read));
            lastSeen = found;
            LOG.info("Keys were reloaded; new values use {}.", primaryKeys(read));
            warnOfClearKeys();
        } catch (KeysException unusable) {
            lastSeen = found;
            warn(unusable.getMessage());
        } catch (InfrastructureException failure) {
            // While the KMS is unavailable, the next check tries again.
            lastSeen = failure.isTransient() ? lastSeen : found;
            warn(failure.getMessage());
        }
    }

    private static void warn(String reason) {
        LOG.warn("Keys could not be reloaded, so the previous ones stay in use: {}", reason);
    }

    private synchronized void exchange(Keysets read, Mapper compiled) {
        droppedBefore += current.droppedFields();
        keysets = read;
        current = compiled;
    }

    /** Anyone who can write the file but not call the KMS must not be able to bring their own keys. */
    private void requireSameProtection(Keysets read) {
        if (encryptedBy().isPresent() && read.encryptedBy().isEmpty()) {
            throw new KeysException(file + " is in clear text, and was encrypted by "
                    + encryptedBy().orElseThrow() + " before. If this is intended, restart the worker");
        }
    }

    /** A keyset file keeps every id, even of a destroyed key: one that lacks some is another file, or an older one. */
    private void requireEveryKey(Keysets read) {
        requireNone(
                keysets.list().stream().filter(key -> read.find(key.id()).isEmpty()),
                "lacks keys that it had",
                "it is an older file or another one");
    }

    /** An id always names the same key: with other bytes, values would no longer join with those from before. */
    private void requireSameKeys(Keysets read) {
        requireNone(
                keysets.contradictedBy(read).stream(),
                "has other keys under the same ids",
                "it was changed or is another one, or keys that were destroyed came back");
    }

    private void requireNone(Stream<KeyInfo> keys, String problem, String meaning) {
        String ids = keys.map(KeyInfo::hexId).collect(Collectors.joining(", "));
        if (!ids.isEmpty()) {
            throw new KeysException(
                    file + " " + problem + ", " + ids + ": " + meaning + ". If this is intended, restart the worker");
        }
    }

    /** At start and at each reload. */
    void warnOfClearKeys() {
        if (encryptedBy().isEmpty()) {
            LOG.warn("The keys are in clear text in {}: anyone who can read that file can unmask the table.", file);
        }
    }

    private static String primaryKeys(Keysets keysets) {
        return keysets.list().stream()
                .filter(KeyInfo::primary)
                .map(key -> key.hexId() + " (" + key.field() + ")")
                .collect(Collectors.joining(", "));
    }

    /**
     * Identifies a state of the file. Links are followed: orchestrators swap them.
     *
     * @param inode the file system's identifier; null where it has none
     */
    private record Stamp(FileTime modified, long bytes, @Nullable Object inode) {

        /** Empty if the file cannot be read. */
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
