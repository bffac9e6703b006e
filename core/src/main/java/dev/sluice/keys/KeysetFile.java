package dev.sluice.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The local keyset file: JSON, keys in clear, readable by its owner alone (mode 0600 or 0400). Stateless. Keys that are
 * in a file are never changed or dropped from here, only added to: a token is worth what its key is.
 */
public final class KeysetFile {

    private KeysetFile() {}

    /**
     * Loads and checks every keyset. Called once at start; what it fails on, the worker does not start with.
     *
     * @throws KeysException when the file is missing, readable by others, not of the form, of another format version;
     *     when a keyset has a key of the wrong algorithm or size, or no enabled primary key; when two keys have one id
     */
    public static Keysets read(Path file) {
        Map<String, byte[]> split = split(file);
        try {
            return load(split, "the keyset file " + file);
        } finally {
            wipe(split);
        }
    }

    /**
     * Makes the file, or adds to it: a keyset for each wanted field that has none, and {@link Keysets#QUARANTINE},
     * which every pipeline needs. Keysets that are there stay as they are, byte for byte. Blocks until the new file is
     * on disk.
     *
     * @param wanted by field, {@code <pipeline>.<column>} or {@link Keysets#IDEMPOTENCY}, what its keyset is for; may be
     *     empty
     * @param allowCleartext the operator's word that keys may lie on this disk in clear
     * @return the keys that were made, in order of the file; empty when nothing was missing
     * @throws KeysException when the file is there and {@link #read} would refuse it, holds a keyset of another kind
     *     for a wanted field, or cannot be written; and when keysets are missing but may not be made in clear. The file
     *     is as it was then.
     */
    public static List<KeyInfo> create(Path file, Map<String, KeyKind> wanted, boolean allowCleartext) {
        Map<String, KeyKind> all = withQuarantine(wanted);
        if (missing(list(file), all, file).isEmpty()) {
            return List.of();
        }
        if (!allowCleartext) {
            throw new KeysException("keys would lie in clear in " + file
                    + ", and whoever reads that file can unmask every" + " value; allow it by --allow-cleartext-keys");
        }
        try (PrivateFile writer = PrivateFile.replace(file)) {
            // Read again: another writer may have been faster.
            return add(writer, file, missing(list(file), all, file));
        }
    }

    private static List<KeyInfo> add(PrivateFile writer, Path file, Map<String, KeyKind> missing) {
        Map<String, byte[]> content = Files.notExists(file) ? new LinkedHashMap<>() : split(file);
        List<KeyInfo> created = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        list(file).forEach(key -> taken.add(key.id()));
        missing.forEach((field, kind) -> {
            Keyset keyset = Keyset.generate(field, kind, freshId(taken));
            content.put(field, keyset.toClearJson());
            created.addAll(keyset.keys());
        });
        byte[] joined = KeysetJson.join(content);
        try {
            writer.commit(joined);
            return List.copyOf(created);
        } finally {
            Arrays.fill(joined, (byte) 0);
            wipe(content);
        }
    }

    private static Map<String, byte[]> split(Path file) {
        byte[] content = PrivateFile.read(file);
        try {
            return KeysetJson.split(content, "the keyset file " + file);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static Keysets load(Map<String, byte[]> split, String origin) {
        Map<String, Keyset> keysets = new LinkedHashMap<>();
        split.forEach((field, json) -> keysets.put(field, Keyset.parse(field, json, origin)));
        return new Keysets(origin, keysets);
    }

    private static List<KeyInfo> list(Path file) {
        return Files.notExists(file) ? List.of() : read(file).list();
    }

    private static Map<String, KeyKind> missing(List<KeyInfo> present, Map<String, KeyKind> wanted, Path file) {
        Map<String, KeyKind> missing = new LinkedHashMap<>(wanted);
        for (KeyInfo key : present) {
            KeyKind asked = missing.remove(key.field());
            if (asked != null && asked != key.kind()) {
                throw new KeysException("the keyset file " + file + " holds a keyset '" + key.field() + "' for "
                        + key.kind().label() + ", wanted is one for " + asked.label()
                        + ": tokens made with the old one would be lost, so use another column or another file");
            }
        }
        return missing;
    }

    private static Map<String, KeyKind> withQuarantine(Map<String, KeyKind> wanted) {
        Map<String, KeyKind> all = new LinkedHashMap<>(wanted);
        all.put(Keysets.QUARANTINE, KeyKind.SEALING);
        wanted.forEach((field, kind) -> demandField(field, kind));
        return all;
    }

    private static void demandField(String field, KeyKind kind) {
        if (field.equals(Keysets.IDEMPOTENCY) && kind == KeyKind.KEYED_HASH) {
            return;
        }
        if (field.indexOf('.') < 1 || kind == KeyKind.SEALING) {
            throw new IllegalArgumentException("a field is <pipeline>.<column>, and its key is one that masks");
        }
    }

    private static int freshId(Set<Integer> taken) {
        SecureRandom random = new SecureRandom();
        int id = random.nextInt();
        // 0 is what Tink's JSON shows for a key without id.
        while (id == 0 || !taken.add(id)) {
            id = random.nextInt();
        }
        return id;
    }

    private static void wipe(Map<String, byte[]> split) {
        split.values().forEach(json -> Arrays.fill(json, (byte) 0));
    }
}
