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
import org.jspecify.annotations.Nullable;

/**
 * The keyset file: JSON, in clear and readable by its owner alone, or encrypted by a key of a KMS. Every change replaces it
 * as a whole, one writer at a time; keysets that a change does not concern stay as they are, byte for byte. Holds no key
 * itself. Thread-safe.
 */
public final class KeysetFile {

    private final Path file;
    private final @Nullable KeyEncryption encryption;

    private KeysetFile(Path file, @Nullable KeyEncryption encryption) {
        this.file = file;
        this.encryption = encryption;
    }

    /** A file in clear; an encrypted one is refused. */
    public static KeysetFile at(Path file) {
        return new KeysetFile(file, null);
    }

    /** A file in clear or encrypted, as {@code encryption} demands. */
    public static KeysetFile at(Path file, KeyEncryption encryption) {
        return new KeysetFile(file, encryption);
    }

    /** {@link #read()} of a file in clear. */
    public static Keysets read(Path file) {
        return at(file).read();
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * Loads and checks every keyset. Called at start, where what it fails on ends the worker, and at a reload.
     *
     * @throws KeysException when the file is missing, not of the form, of another format version, in clear and readable
     *     by others, or not encrypted as demanded; when a keyset has a key of the wrong algorithm or size, or no enabled
     *     primary key; when two keys have one id. What the {@link KeyEncryptionKey} throws passes through.
     */
    public Keysets read() {
        KeysetForm form = form();
        try (KeysetContent content = open(form)) {
            return content.load(source(form));
        }
    }

    /**
     * Makes the file, or adds to it: a keyset for each wanted field that has none, and {@link Keysets#QUARANTINE},
     * which every pipeline needs. A new file is encrypted if a key for that is {@linkplain KeyEncryption#demanded() named}.
     * Blocks until the new file is on disk.
     *
     * @param wanted by field, {@code <pipeline>.<column>} or {@link Keysets#IDEMPOTENCY}, what its keyset is for; may be
     *     empty
     * @param allowCleartext the operator's word that keys may lie on this disk in clear
     * @return the keys that were made, in order of the file; empty when nothing was missing
     * @throws KeysException when the file is there and {@link #read} would refuse it, holds a keyset of another kind
     *     for a wanted field, or cannot be written; and when keysets are missing but may not be made in clear. The file
     *     is as it was then.
     */
    public List<KeyInfo> create(Map<String, KeyKind> wanted, boolean allowCleartext) {
        Map<String, KeyKind> all = withQuarantine(wanted);
        if (missing(list(), all).isEmpty()) {
            return List.of();
        }
        if (!allowCleartext && isToBeClear()) {
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
     * @param epoch the operator's word that values masked before and after need not join; asked of keyed hashes only
     * @return the new key
     * @throws KeysException when there is no such keyset, {@code epoch} is wanted, or the file cannot be read or written;
     *     it is as it was then, here and below
     */
    public KeyInfo add(String field, boolean epoch) {
        return change(keys -> keys.add(field, epoch));
    }

    /**
     * Makes new values be made with a key from now on. The former primary key stays enabled.
     *
     * @param epoch as for {@link #add}
     * @throws KeysException when there is no such key, or it is not enabled
     */
    public KeyInfo promote(int keyId, boolean epoch) {
        return change(keys -> keys.promote(keyId, epoch));
    }

    /**
     * Puts a key out of use; it can be enabled again.
     *
     * @throws KeysException when there is no such key, or it is primary or destroyed
     */
    public KeyInfo disable(int keyId) {
        return change(keys -> keys.disable(keyId));
    }

    /**
     * Puts a disabled key in use again, for reading.
     *
     * @throws KeysException when there is no such key, or it is destroyed
     */
    public KeyInfo enable(int keyId) {
        return change(keys -> keys.enable(keyId));
    }

    /**
     * Drops a disabled key for good, and remembers that there was one of this id. What it made cannot be read again, unless
     * somebody has kept a copy of the file.
     *
     * @throws KeysException when there is no such key, or it is not disabled
     */
    public KeyInfo destroy(int keyId) {
        return change(keys -> keys.destroy(keyId));
    }

    /**
     * Binds the keys to the database whose audit is told before anything is opened with them. Of an encrypted file that is
     * part of what is encrypted. A program of a version that knows no binding refuses the file from then on.
     *
     * @param database its id
     * @param rebind whether a binding to another database may be replaced
     * @throws KeysException when the file is bound to another database and may not be, or cannot be read or written
     */
    public void bind(UUID database, boolean rebind) {
        try (PrivateFile writer = PrivateFile.replace(file)) {
            KeysetForm form = form();
            try (KeysetContent content = open(form)) {
                UUID bound = content.database();
                if (bound != null && !bound.equals(database) && !rebind) {
                    throw new KeysException(name() + " is bound to the database " + bound + ", and this one is "
                            + database + ": if its keys belong here now, say --rebind");
                }
                content.load(source(form));
                content.bind(database);
                write(writer, form, content, kekId(form));
            }
        }
    }

    /**
     * Encrypts the file by another key, under a new data key; the keysets stay.
     *
     * @param kekId the new key; null for a file in clear
     * @param allowCleartext as for {@link #create}
     * @throws KeysException when the file cannot be read, holds keysets of other pipelines, which could not read it
     *     then, or may not be in clear
     */
    public void rewrap(@Nullable String kekId, boolean allowCleartext) {
        if (kekId == null && !allowCleartext) {
            throw clearRefused();
        }
        try (PrivateFile writer = PrivateFile.replace(file)) {
            KeysetForm form = form();
            try (KeysetContent content = open(form)) {
                write(writer, form, content, kekId);
            }
        }
    }

    private <T> T change(Function<KeyLifeCycle, T> action) {
        try (PrivateFile writer = PrivateFile.replace(file)) {
            KeysetForm form = Files.notExists(file) ? new KeysetContent() : form();
            try (KeysetContent content = open(form)) {
                T result = action.apply(new KeyLifeCycle(content, source(form)));
                write(writer, form, content, kekId(form));
                return result;
            }
        }
    }

    private void write(PrivateFile writer, KeysetForm before, KeysetContent content, @Nullable String kekId) {
        byte[] bytes = kekId == null ? KeysetJson.join(content) : KeysetJson.encrypted(seal(content, kekId));
        try {
            if (before instanceof EncryptedKeysets && kekId != null) {
                writer.keepMode();
            }
            writer.commit(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private EncryptedKeysets seal(KeysetContent content, String kekId) {
        KeyEncryption keys = requireEncryption();
        content.keysets().keySet().stream()
                .filter(field -> field.indexOf('.') > 0 && !field.startsWith(keys.pipeline() + "."))
                .findFirst()
                .ifPresent(field -> {
                    throw new KeysException(name() + " holds the keyset '" + field
                            + "' of another pipeline, which could not read it: a file that is encrypted serves one"
                            + " pipeline, so give each its own");
                });
        return EncryptedKeysets.seal(content, keys.key(kekId), keys.pipeline());
    }

    private KeysetForm form() {
        byte[] bytes = PrivateFile.read(file);
        try {
            KeysetForm form = KeysetJson.read(bytes, name());
            if (form instanceof EncryptedKeysets) {
                PrivateFile.requireNotWritableByAll(file);
            } else {
                PrivateFile.requirePrivate(file);
            }
            return form;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private KeysetContent open(KeysetForm form) {
        if (form instanceof EncryptedKeysets encrypted) {
            return encrypted.open(keyOf(encrypted), name());
        }
        KeysetContent content = (KeysetContent) form;
        String demanded = encryption == null ? null : encryption.demanded();
        if (demanded != null && !content.keysets().isEmpty()) {
            content.close();
            throw new KeysException(name() + " is in clear, where one encrypted by " + demanded
                    + " was expected. If it is yours, unset SLUICE_KMS_KEY and run 'sluice keys rewrap-kek'");
        }
        return content;
    }

    private KeyEncryptionKey keyOf(EncryptedKeysets encrypted) {
        KeyEncryption keys = requireEncryption();
        if (!encrypted.pipeline().equals(keys.pipeline())) {
            throw new KeysException(name() + " was made for the pipeline '" + encrypted.pipeline()
                    + "', and a file that is encrypted serves one pipeline: make another for '" + keys.pipeline()
                    + "'");
        }
        String demanded = keys.demanded();
        if (demanded != null && !demanded.equals(encrypted.keyId())) {
            throw new KeysException(name() + " is encrypted by " + encrypted.keyId() + ", where " + demanded
                    + " was expected (SLUICE_KMS_KEY)");
        }
        return keys.key(encrypted.keyId());
    }

    private KeyEncryption requireEncryption() {
        if (encryption == null) {
            throw new KeysException(name() + " is encrypted, and cannot be read without a KMS");
        }
        return encryption;
    }

    /** How the file is to be encrypted after a change: as it was, and a new one as demanded; null for in clear. */
    private @Nullable String kekId(KeysetForm form) {
        if (form instanceof EncryptedKeysets encrypted) {
            return encrypted.keyId();
        }
        return encryption == null ? null : encryption.demanded();
    }

    private boolean isToBeClear() {
        return kekId(Files.notExists(file) ? new KeysetContent() : form()) == null;
    }

    private KeysException clearRefused() {
        return new KeysException("keys would lie in clear in " + file
                + ", and whoever reads that file can unmask every value: name a KMS key (SLUICE_KMS_KEY), or allow it by"
                + " --allow-cleartext-keys");
    }

    private Keysets.Source source(KeysetForm form) {
        return new Keysets.Source(name(), form instanceof EncryptedKeysets encrypted ? encrypted.keyId() : null);
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
            KeyKind asked = missing.remove(key.field());
            if (asked != null && asked != key.kind()) {
                throw new KeysException(name() + " holds a keyset '" + key.field() + "' for "
                        + key.kind().label() + ", wanted is one for " + asked.label()
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

    private static void requireField(String field, KeyKind kind) {
        if (field.equals(Keysets.IDEMPOTENCY) && kind == KeyKind.KEYED_HASH) {
            return;
        }
        if (field.indexOf('.') < 1 || kind == KeyKind.SEALING) {
            throw new IllegalArgumentException("a field is <pipeline>.<column>, and its key is one that masks");
        }
    }
}
