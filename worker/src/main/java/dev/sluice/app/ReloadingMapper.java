package dev.sluice.app;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.Mapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapper of a running worker: compiled again whenever the keyset file changes or {@link #requestReload} is called, so
 * that keys rotate without a restart. If the file cannot be used, the keys stay as they are, with a warning. A batch is
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
    private FieldCounts countedBefore = FieldCounts.NONE;
    private Keysets keysets;
    private Optional<FileStamp> lastSeen;

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
        this.lastSeen = FileStamp.of(file);
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
    public Batch begin() {
        return current.begin();
    }

    /** What is mapped during a reload may not be counted. */
    @Override
    public synchronized FieldCounts fieldCounts() {
        return countedBefore.plus(current.fieldCounts());
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
                Optional<FileStamp> found = FileStamp.of(file);
                if (requested || !found.equals(lastSeen)) {
                    reload(found);
                }
            }
        } catch (InterruptedException closed) {
            // the worker ends
        }
    }

    private void reload(Optional<FileStamp> found) {
        try {
            Keysets read = assembly.keysets();
            requireSameProtection(read);
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
        countedBefore = fieldCounts();
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

    /** A keyset file keeps every id, even of a destroyed key, and an id never names other bytes. */
    private void requireSameKeys(Keysets read) {
        requireNone(
                keysets.list().stream().filter(key -> read.find(key.id()).isEmpty()),
                "lacks keys that it had",
                "it is an older file or another one");
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

    void warnOfClearKeys() {
        if (encryptedBy().isEmpty()) {
            LOG.warn("The keys are in clear text in {}: anyone who can read that file can unmask the table.", file);
        }
    }

    private static String primaryKeys(Keysets keysets) {
        String keys = keysets.list().stream()
                .filter(key -> key.primary() && key.tenant() == null)
                .map(key -> key.hexId() + " (" + key.field() + ")")
                .collect(Collectors.joining(", "));
        int tenants = keysets.tenants().size();
        return tenants == 0 ? keys : keys + ", and the keys of " + tenants + (tenants == 1 ? " tenant" : " tenants");
    }
}
