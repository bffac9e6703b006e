package dev.sluice.keys;

import com.google.crypto.tink.KeyStatus;
import dev.sluice.keys.KeyInfo.Status;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;

/**
 * The life cycle of a key: enabled, primary, disabled, destroyed. Changes a file's content in memory; the caller writes
 * it. Ids are never reused, not even those of destroyed keys. Used by one thread.
 */
final class KeyLifeCycle {

    private final KeysetContent content;
    private final Keysets.Origin origin;

    KeyLifeCycle(KeysetContent content, Keysets.Origin origin) {
        this.content = content;
        this.origin = origin;
    }

    /** A new keyset of one key, for a field that has none. */
    KeyInfo create(String field, KeyKind kind) {
        Keyset keyset = Keyset.generate(field, kind, freshId());
        content.put(keyset);
        return keyset.keys().get(0);
    }

    KeyInfo add(String field, boolean epoch) {
        Keyset keyset = keyset(field);
        requireEpoch(keyset, epoch);
        int id = freshId();
        content.put(keyset.with(id));
        return find(id);
    }

    KeyInfo promote(int keyId, boolean epoch) {
        KeyInfo key = find(keyId);
        if (key.primary()) {
            return key;
        }
        require(key, Status.ENABLED, "only an enabled key can become primary: run 'sluice keys enable' first");
        Keyset keyset = keyset(key.field());
        requireEpoch(keyset, epoch);
        content.put(keyset.promoting(keyId));
        return find(keyId);
    }

    KeyInfo disable(int keyId) {
        KeyInfo key = find(keyId);
        if (key.primary()) {
            throw refused(key, "new values are made with it: run 'sluice keys promote' for another key first");
        }
        return set(key, Status.DISABLED, KeyStatus.DISABLED);
    }

    KeyInfo enable(int keyId) {
        return set(find(keyId), Status.ENABLED, KeyStatus.ENABLED);
    }

    private KeyInfo set(KeyInfo key, Status status, KeyStatus tinkStatus) {
        if (key.status() == status) {
            return key;
        }
        if (key.status() == Status.DESTROYED) {
            throw refused(key, "it cannot be restored");
        }
        content.put(keyset(key.field()).with(key.id(), tinkStatus));
        return find(key.id());
    }

    KeyInfo destroy(int keyId) {
        KeyInfo key = find(keyId);
        if (key.status() == Status.DESTROYED) {
            return key;
        }
        require(key, Status.DISABLED, "only a disabled key can be destroyed: run 'sluice keys disable' first");
        content.put(keyset(key.field()).without(keyId));
        KeyInfo gone = new KeyInfo(key.field(), key.kind(), keyId, Status.DESTROYED, false);
        content.destroyed().add(gone);
        return gone;
    }

    /** Binds all keysets, after checking them, to a database. */
    UUID bind(UUID database, boolean rebind) {
        UUID bound = content.database();
        if (bound != null && !bound.equals(database) && !rebind) {
            throw new KeysException(origin.name() + " is bound to the database " + bound + ", and this one is "
                    + database + ": if its keys belong here now, add --rebind");
        }
        content.load(origin);
        content.bind(database);
        return database;
    }

    List<KeyInfo> list() {
        return content.load(origin).list();
    }

    private KeyInfo find(int keyId) {
        return content.load(origin)
                .find(keyId)
                .orElseThrow(() -> new KeysException(
                        origin.name() + " has no key " + KeyInfo.hexId(keyId) + "; 'sluice keys list' shows the keys"));
    }

    private Keyset keyset(String field) {
        byte[] json = content.keysets().get(field);
        if (json == null) {
            throw new KeysException(origin.name() + " has no keyset '" + field + "'; it has "
                    + String.join(", ", content.keysets().keySet()));
        }
        return Keyset.parse(field, json, origin.name());
    }

    /** A hash cannot be recovered, so it cannot be rewrapped: under another key, equal values stop being equal. */
    private static void requireEpoch(Keyset keyset, boolean epoch) {
        if (keyset.kind() != KeyKind.KEYED_HASH || epoch) {
            return;
        }
        String loss = keyset.field().equals(Keysets.IDEMPOTENCY)
                ? "records that are sent again after the change are not recognised, and make second rows"
                : "values masked before and after the change never join, and this cannot be undone";
        throw new KeysException("the key of '" + keyset.field() + "' makes hashes, which cannot be rewrapped: " + loss
                + ". To accept this, add --epoch");
    }

    private static void require(KeyInfo key, Status status, String why) {
        if (key.status() != status) {
            throw refused(key, why);
        }
    }

    private static KeysException refused(KeyInfo key, String why) {
        return new KeysException("key " + key.hexId() + " of '" + key.field() + "' is "
                + (key.primary() ? "the primary key" : key.status().label()) + "; " + why);
    }

    private int freshId() {
        List<Integer> taken = list().stream().map(KeyInfo::id).toList();
        SecureRandom random = new SecureRandom();
        int id = random.nextInt();
        // 0 is what Tink's JSON shows for a key without id.
        while (id == 0 || taken.contains(id)) {
            id = random.nextInt();
        }
        return id;
    }
}
