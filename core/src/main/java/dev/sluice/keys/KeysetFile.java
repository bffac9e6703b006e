package dev.sluice.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keyset file: JSON, either in cleartext and readable only by its owner, or encrypted with a KMS key. Every change
 * replaces the whole file, one writer at a time, and leaves other keysets byte for byte as they were. Holds no key
 * itself. Thread-safe.
 */
public final class KeysetFile {

    /**
     * The size of the largest file. A keyset takes some 300 bytes: enough for 70,000 tenants with three each. The base64 of
     * an encrypted file is then within what the JSON parser takes for one text.
     */
    public static final int MAX_BYTES = 64 << 20;

    private final Path file;
    private final FileEncryption encryption;

    private KeysetFile(Path file, @Nullable KeyEncryption encryption) {
        this.file = file;
        this.encryption = new FileEncryption(name(), encryption);
    }

    /** A cleartext file; an encrypted one is refused. */
    public static KeysetFile at(Path file) {
        return new KeysetFile(file, null);
    }

    /** A cleartext or encrypted file, as {@code encryption} requires. */
    public static KeysetFile at(Path file, KeyEncryption encryption) {
        return new KeysetFile(file, encryption);
    }

    /**
     * Loads a keyset file that is kept in another store than a file system; that store answers for who may read it.
     *
     * @param content of the file; the caller wipes it after use
     * @param name of the file, for messages
     * @throws KeysException as {@link #read}
     */
    public static Keysets load(byte[] content, String name, KeyEncryption encryption) {
        String origin = "the keyset file " + name;
        KeysetForm form = KeysetJson.read(content, origin);
        try (KeysetContent keys = new FileEncryption(origin, encryption).open(form)) {
            return keys.load(new Keysets.Origin(origin, form.kekId()));
        }
    }

    /** The file's path. */
    public Path path() {
        return file;
    }

    /**
     * Loads and checks every keyset. Called at start, where a failure ends the worker, and on reload.
     *
     * @throws KeysException if the file is missing, malformed, of another format version, in cleartext and readable by
     *     others, or not encrypted as required; if a keyset has a key of the wrong algorithm or size, or no enabled
     *     primary key; if two keys have the same id. Exceptions of the {@link KeyEncryptionKey} pass through.
     */
    public Keysets read() {
        KeysetForm form = form();
        try (KeysetContent content = encryption.open(form)) {
            return content.load(origin(form));
        }
    }

    /**
     * Creates the file, or adds to it: each wanted keyset that it lacks, and {@link Keysets#QUARANTINE},
     * which every pipeline needs. A new file is encrypted if a key for that is {@linkplain KeyEncryption#demanded()
     * set}. Blocks until the new file is on disk.
     *
     * @param wanted the kind of keyset by its {@linkplain KeysetName name}; may be empty
     * @param allowCleartext whether the operator accepts cleartext keys on this disk
     * @return the new keys, in the file's order; empty if nothing was missing
     * @throws KeysException if the file exists and {@link #read} would refuse it, holds a keyset of another kind for a
     *     wanted field, or cannot be written; if keysets are missing but may not be created in cleartext. The file is
     *     then unchanged.
     */
    public List<KeyInfo> create(Map<String, KeyKind> wanted, boolean allowCleartext) {
        Map<String, KeyKind> all = withQuarantine(wanted);
        if (missing(list(), all).isEmpty()) {
            return List.of();
        }
        if (!allowCleartext && encryption.kekId(formOrNew()) == null) {
            throw clearRefused();
        }
        // Read again under the lock: another writer may have been faster.
        return change(keys -> {
            List<KeyInfo> created = new ArrayList<>();
            missing(keys.list(), all).forEach((field, kind) -> created.add(keys.create(field, kind)));
            return List.copyOf(created);
        });
    }

    /**
     * Adds a key to a field: enabled and not primary, so that every worker knows it before anything is made with it.
     *
     * @param epoch whether the operator accepts that values masked before and after do not join; keyed hashes require
     *     it
     * @return the new key
     * @throws KeysException if there is no such keyset, {@code epoch} is required, or the file cannot be read or
     *     written; the file is then unchanged, here and below
     */
    public KeyInfo add(String field, boolean epoch) {
        return change(keys -> keys.add(field, epoch));
    }

    /**
     * Makes a key primary: new values are made with it. The former primary key stays enabled.
     *
     * @param epoch as for {@link #add}
     * @throws KeysException if there is no such key, or it is not enabled
     */
    public KeyInfo promote(int keyId, boolean epoch) {
        return change(keys -> keys.promote(keyId, epoch));
    }

    /**
     * Disables a key; it can be enabled again.
     *
     * @throws KeysException if there is no such key, or it is primary or destroyed
     */
    public KeyInfo disable(int keyId) {
        return change(keys -> keys.disable(keyId));
    }

    /**
     * Enables a disabled key again, for reading.
     *
     * @throws KeysException if there is no such key, or it is destroyed
     */
    public KeyInfo enable(int keyId) {
        return change(keys -> keys.enable(keyId));
    }

    /**
     * Removes a disabled key permanently, and keeps a record of its id. What it made cannot be read again, unless a
     * copy of the file exists.
     *
     * @throws KeysException if there is no such key, or it is not disabled
     */
    public KeyInfo destroy(int keyId) {
        return change(keys -> keys.destroy(keyId));
    }

    /**
     * Removes all keys of a tenant permanently, primary ones too, and keeps a record of their ids: crypto-shredding of that
     * tenant. Other keys stay as they are.
     *
     * @return the destroyed keys; empty if the tenant has none
     * @throws KeysException if the file cannot be read or written
     */
    public List<KeyInfo> destroyTenant(String tenant) {
        return change(keys -> keys.destroyTenant(tenant));
    }

    /**
     * Binds the keys to the database that audits each opening before it happens. In an encrypted file the binding is
     * encrypted too. A version of Sluice that does not know bindings refuses the file from then on.
     *
     * @param database its id
     * @param rebind whether a binding to another database may be replaced
     * @throws KeysException if the file is bound to another database and may not be, or cannot be read or written
     */
    public void bind(UUID database, boolean rebind) {
        replace(this::form, encryption::kekId, keys -> keys.bind(database, rebind));
    }

    /**
     * Encrypts the file with another key and a new data key; the keysets stay the same.
     *
     * @param kekId the new key; null for a cleartext file
     * @param allowCleartext as for {@link #create}
     * @throws KeysException if the file cannot be read, holds keysets of other pipelines, which could not read it
     *     afterwards, or may not be in cleartext
     */
    public void rewrap(@Nullable String kekId, boolean allowCleartext) {
        if (kekId == null && !allowCleartext) {
            throw clearRefused();
        }
        replace(this::form, form -> kekId, keys -> keys);
    }

    private <T> T change(Function<KeyLifeCycle, T> action) {
        return replace(this::formOrNew, encryption::kekId, action);
    }

    /**
     * @param current reads the file once it is locked
     * @param kekId the key to encrypt the new file with; null for cleartext
     */
    private <T> T replace(
            Supplier<KeysetForm> current,
            Function<KeysetForm, @Nullable String> kekId,
            Function<KeyLifeCycle, T> action) {
        try (PrivateFile writer = PrivateFile.replace(file)) {
            KeysetForm form = current.get();
            try (KeysetContent content = encryption.open(form)) {
                T result = action.apply(new KeyLifeCycle(content, origin(form)));
                write(writer, form, content, kekId.apply(form));
                return result;
            }
        }
    }

    private void write(PrivateFile writer, KeysetForm before, KeysetContent content, @Nullable String kekId) {
        byte[] bytes = kekId == null
                ? content.toJson()
                : encryption.seal(content, kekId).toJson();
        try {
            if (before.kekId() != null && kekId != null) {
                writer.keepMode();
            }
            writer.commit(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private KeysetForm formOrNew() {
        return Files.notExists(file) ? new KeysetContent() : form();
    }

    private KeysetForm form() {
        byte[] bytes = PrivateFile.read(file);
        try {
            KeysetForm form = KeysetJson.read(bytes, name());
            if (form.kekId() != null) {
                PrivateFile.requireNotWritableByAll(file);
            } else {
                PrivateFile.requirePrivate(file);
            }
            return form;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private KeysException clearRefused() {
        return new KeysException("keys would be stored in cleartext in " + file
                + ", and anyone who reads that file could unmask every value: set a KMS key (SLUICE_KMS_KEY), or allow"
                + " it with --allow-cleartext-keys");
    }

    private Keysets.Origin origin(KeysetForm form) {
        return new Keysets.Origin(name(), form.kekId());
    }

    private String name() {
        return "the keyset file " + file;
    }

    private List<KeyInfo> list() {
        return Files.notExists(file) ? List.of() : read().list();
    }

    private Map<String, KeyKind> missing(List<KeyInfo> present, Map<String, KeyKind> wanted) {
        Map<String, KeyKind> missing = new LinkedHashMap<>(wanted);
        for (KeyInfo key : present) {
            KeyKind needed = missing.remove(key.keyset());
            if (needed != null && needed != key.kind()) {
                throw new KeysException(name() + " holds a keyset '" + key.keyset() + "' for "
                        + key.kind().label() + ", but the pipeline needs one for " + needed.label()
                        + ": tokens made with the old one would be lost, so use another column or another file");
            }
        }
        return missing;
    }

    private static Map<String, KeyKind> withQuarantine(Map<String, KeyKind> wanted) {
        Map<String, KeyKind> all = new LinkedHashMap<>(wanted);
        all.put(Keysets.QUARANTINE, KeyKind.SEALING);
        wanted.forEach((field, kind) -> requireField(field, kind));
        return all;
    }

    private static void requireField(String name, KeyKind kind) {
        String field = KeysetName.field(name);
        boolean ofTenant = KeysetName.tenant(name) != null;
        if ((field.equals(Keysets.IDEMPOTENCY) && !ofTenant && kind == KeyKind.KEYED_HASH)
                || (field.equals(Keysets.QUARANTINE) && ofTenant && kind == KeyKind.SEALING)) {
            return;
        }
        if (field.indexOf('.') < 1 || kind == KeyKind.SEALING) {
            throw new IllegalArgumentException("a field is <pipeline>.<column>, and its key must be a masking key");
        }
    }
}
