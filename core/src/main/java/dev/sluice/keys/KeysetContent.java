package dev.sluice.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The decrypted content of a keyset file: Tink's JSON by field, each kept byte for byte, so that changing one leaves
 * the others alone; the keys that were destroyed; and the database that the file is bound to. Wiped when closed. Used
 * by one thread.
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

    /** The id of the database that audits what is opened with these keys; null if the file is bound to none. */
    @Nullable
    UUID database() {
        return database;
    }

    void bind(UUID to) {
        database = to;
    }

    /** Replaces the field's keyset, or appends it. */
    void put(Keyset keyset) {
        byte[] before = keysets.put(keyset.field(), keyset.toClearJson());
        if (before != null) {
            Arrays.fill(before, (byte) 0);
        }
    }

    /** Removes the keyset of that name, which exists, and wipes it. */
    void remove(String name) {
        Arrays.fill(Objects.requireNonNull(keysets.remove(name)), (byte) 0);
    }

    /**
     * Checks every keyset.
     *
     * @param origin where it was read from
     */
    Keysets load(Keysets.Origin origin) {
        Map<String, Keyset> parsed = new LinkedHashMap<>();
        keysets.forEach((field, json) -> parsed.put(field, Keyset.parse(field, json, origin.name())));
        return new Keysets(origin, parsed, destroyed, database);
    }

    /** The cleartext file, in the form of {@link KeysetJson}. The caller wipes the result. */
    byte[] toJson() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(
                "{\"sluice-keyset-file\":1,\"encryption\":\"none\",\"keysets\":{".getBytes(StandardCharsets.US_ASCII));
        keysets.forEach((field, json) -> {
            String name = (parts.size() == 1 ? "\n\"" : ",\n\"") + KeysetJson.quoted(field) + "\":";
            parts.add(name.getBytes(StandardCharsets.UTF_8));
            parts.add(json);
        });
        String bound = database == null ? "" : ",\n\"database\":\"" + database + "\"";
        parts.add(("\n}" + destroyedJson() + bound + "}\n").getBytes(StandardCharsets.UTF_8));
        // Of the right size from the start: a buffer that grows leaves copies of the keys behind.
        ByteBuffer file =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(file::put);
        return file.array();
    }

    private String destroyedJson() {
        if (destroyed.isEmpty()) {
            return "";
        }
        return destroyed.stream()
                .map(key -> "{\"keyId\":" + key.unsignedId() + ",\"use\":\""
                        + key.kind().label() + "\",\"field\":\"" + KeysetJson.quoted(key.keyset()) + "\"}")
                .collect(Collectors.joining(",\n", ",\n\"destroyed\":[\n", "\n]"));
    }

    /** Null: in cleartext. */
    @Override
    public @Nullable String kekId() {
        return null;
    }

    @Override
    public void close() {
        keysets.values().forEach(json -> Arrays.fill(json, (byte) 0));
    }
}
