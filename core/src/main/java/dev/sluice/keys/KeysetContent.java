package dev.sluice.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a keyset file holds, in clear: Tink's JSON by field, each as the bytes it was, so that a change of one leaves the
 * others alone; which keys there were and are destroyed; and which database it is bound to. Wiped when closed. Used by one thread.
 */
final class KeysetContent implements KeysetForm, AutoCloseable {

    private final Map<String, byte[]> keysets;
    private final List<KeyInfo> destroyed;
    private @Nullable UUID database;

    KeysetContent() {
        this(Map.of(), List.of(), null);
    }

    /** @param database the one that the file is bound to; null for none */
    KeysetContent(Map<String, byte[]> keysets, List<KeyInfo> destroyed, @Nullable UUID database) {
        this.keysets = new LinkedHashMap<>(keysets);
        this.destroyed = new ArrayList<>(destroyed);
        this.database = database;
    }

    /** In the file's order. */
    Map<String, byte[]> keysets() {
        return keysets;
    }

    /** In the order of their destruction. */
    List<KeyInfo> destroyed() {
        return destroyed;
    }

    /** The id of the database that audits what is opened with these keys; null when the file is bound to none. */
    @Nullable
    UUID database() {
        return database;
    }

    void bind(UUID to) {
        database = to;
    }

    /** Puts a keyset in the place of the field's, or behind all others. */
    void put(Keyset keyset) {
        byte[] before = keysets.put(keyset.field(), keyset.toClearJson());
        if (before != null) {
            Arrays.fill(before, (byte) 0);
        }
    }

    /**
     * Checks every keyset.
     *
     * @param source where it was read from
     */
    Keysets load(Keysets.Source source) {
        Map<String, Keyset> parsed = new LinkedHashMap<>();
        keysets.forEach((field, json) -> parsed.put(field, Keyset.parse(field, json, source.name())));
        return new Keysets(source, parsed, destroyed, database);
    }

    @Override
    public void close() {
        keysets.values().forEach(json -> Arrays.fill(json, (byte) 0));
    }
}
