package dev.sluice.keys;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One field's keys, all of one kind, the primary one enabled. Checked when it is read from a file, so that a wrong key
 * is found at start and not at the first message. Immutable, thread-safe; the keys stay in Tink's handle, which never
 * shows them.
 */
final class Keyset {

    private final String field;
    private final KeyKind kind;
    private final KeysetHandle handle;

    private Keyset(String field, KeyKind kind, KeysetHandle handle) {
        this.field = field;
        this.kind = kind;
        this.handle = handle;
    }

    /**
     * A new keyset of one key.
     *
     * @param keyId not 0, in no other keyset of the file
     */
    static Keyset generate(String field, KeyKind kind, int keyId) {
        try {
            KeysetHandle handle = KeysetHandle.newBuilder()
                    .setConfiguration(kind.configuration())
                    .addEntry(KeysetHandle.generateEntryFromParameters(kind.parameters())
                            .withFixedId(keyId)
                            .makePrimary())
                    .build();
            return new Keyset(field, kind, handle);
        } catch (GeneralSecurityException unsupported) {
            throw new KeysException("this Java runtime cannot make a key for " + kind.algorithm());
        }
    }

    /**
     * Reads Tink's clear JSON format.
     *
     * @param origin where it was read from, for messages
     * @throws KeysException if it is not a keyset, has no enabled primary key, or has a key of an algorithm or size
     *     that the field may not have
     */
    static Keyset parse(String field, byte[] json, String origin) {
        String text = new String(json, StandardCharsets.UTF_8);
        for (KeyKind kind : kindsFor(field)) {
            @Nullable KeysetHandle handle = handleOrNull(text, kind);
            if (handle != null) {
                requireEnabledPrimary(handle, field, origin);
                return new Keyset(field, kind, handle);
            }
        }
        throw new KeysException(origin + ": the keyset '" + field
                + "' is damaged, lacks its primary key, or holds a key that is not "
                + String.join(
                        " or ", kindsFor(field).stream().map(KeyKind::algorithm).toList()));
    }

    /** Tink's clear JSON format, including the keys. For the keyset file only. */
    byte[] toClearJson() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, kind.configuration(), InsecureSecretKeyAccess.get())
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException unsupported) {
            throw new KeysException("the keyset '" + field + "' cannot be written");
        }
    }

    String field() {
        return field;
    }

    KeyKind kind() {
        return kind;
    }

    /** A copy with a new key: enabled, not primary. */
    Keyset with(int keyId) {
        return changed(builder -> builder.addEntry(
                KeysetHandle.generateEntryFromParameters(kind.parameters()).withFixedId(keyId)));
    }

    /** A copy with another primary key, which must exist and be enabled. */
    Keyset promoting(int keyId) {
        return changed(builder -> builder.getAt(indexOf(keyId)).makePrimary());
    }

    /** A copy with an existing key enabled, or disabled, which must not be primary then. */
    Keyset with(int keyId, KeyStatus status) {
        return changed(builder -> builder.getAt(indexOf(keyId)).setStatus(status));
    }

    /**
     * A copy without a key, which must exist and not be primary. Tink has a status for destroyed keys, but cannot read
     * what it writes for them.
     */
    Keyset without(int keyId) {
        return changed(builder -> builder.deleteAt(indexOf(keyId)));
    }

    private Keyset changed(Consumer<KeysetHandle.Builder> change) {
        try {
            KeysetHandle.Builder builder = KeysetHandle.newBuilder(handle).setConfiguration(kind.configuration());
            change.accept(builder);
            return new Keyset(field, kind, builder.build());
        } catch (GeneralSecurityException impossible) {
            throw new KeysException("the keyset '" + field + "' cannot be changed");
        }
    }

    private int indexOf(int keyId) {
        return IntStream.range(0, handle.size())
                .filter(index -> handle.getAt(index).getId() == keyId)
                .findFirst()
                .orElseThrow();
    }

    /** A primitive that uses the keys; throws if they cannot be used as such. */
    <P> P primitive(Class<P> type) throws GeneralSecurityException {
        return handle.getPrimitive(kind.configuration(), type);
    }

    /**
     * One primitive for each enabled key, the primary one first.
     *
     * @param all the primitive that uses all keys, which serves if there is one
     */
    <P> List<P> primitiveOfEachKey(Class<P> type, P all) throws GeneralSecurityException {
        if (handle.size() == 1) {
            return List.of(all);
        }
        List<P> primitives = new ArrayList<>();
        for (int index = 0; index < handle.size(); index++) {
            KeysetHandle.Entry entry = handle.getAt(index);
            if (entry.getStatus() == KeyStatus.ENABLED) {
                P primitive = alone(entry).getPrimitive(kind.configuration(), type);
                primitives.add(entry.isPrimary() ? 0 : primitives.size(), primitive);
            }
        }
        return primitives;
    }

    private KeysetHandle alone(KeysetHandle.Entry entry) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .setConfiguration(kind.configuration())
                .addEntry(KeysetHandle.importKey(entry.getKey())
                        .withFixedId(entry.getId())
                        .makePrimary())
                .build();
    }

    List<KeyInfo> keys() {
        return IntStream.range(0, handle.size())
                .mapToObj(handle::getAt)
                .map(key -> new KeyInfo(field, kind, key.getId(), status(key.getStatus()), key.isPrimary()))
                .toList();
    }

    /** Whether the key with this id, which both hold, has the same bytes in both; compared in constant time. */
    boolean sharesKey(int keyId, Keyset other) {
        return key(keyId).equalsKey(other.key(keyId));
    }

    private Key key(int keyId) {
        return handle.getAt(indexOf(keyId)).getKey();
    }

    @Override
    public String toString() {
        return "Keyset[" + field + ", keys not shown]";
    }

    private static List<KeyKind> kindsFor(String field) {
        return KeysetName.field(field).equals(Keysets.QUARANTINE)
                ? List.of(KeyKind.SEALING)
                : List.of(KeyKind.DETERMINISTIC_AEAD, KeyKind.KEYED_HASH);
    }

    private static @Nullable KeysetHandle handleOrNull(String json, KeyKind kind) {
        try {
            KeysetHandle handle =
                    TinkJsonProtoKeysetFormat.parseKeyset(json, kind.configuration(), InsecureSecretKeyAccess.get());
            return holdsOnly(kind, handle) ? handle : null;
        } catch (GeneralSecurityException | RuntimeException notOfThisKind) {
            // The caller refuses what matches no kind. Tink's message is dropped: it may quote what it read.
            return null;
        }
    }

    /** Tink's configurations also allow other algorithms and sizes, and keys whose output has no key id. */
    private static boolean holdsOnly(KeyKind kind, KeysetHandle handle) {
        return IntStream.range(0, handle.size())
                .allMatch(index -> handle.getAt(index).getKey().getParameters().equals(kind.parameters()));
    }

    private static void requireEnabledPrimary(KeysetHandle handle, String field, String origin) {
        boolean found = IntStream.range(0, handle.size())
                .mapToObj(handle::getAt)
                .anyMatch(key -> key.isPrimary() && key.getStatus() == KeyStatus.ENABLED);
        if (!found) {
            throw new KeysException(origin + ": the keyset '" + field + "' has no enabled primary key");
        }
    }

    private static KeyInfo.Status status(KeyStatus status) {
        if (status == KeyStatus.ENABLED) {
            return KeyInfo.Status.ENABLED;
        }
        return status == KeyStatus.DISABLED ? KeyInfo.Status.DISABLED : KeyInfo.Status.DESTROYED;
    }
}
