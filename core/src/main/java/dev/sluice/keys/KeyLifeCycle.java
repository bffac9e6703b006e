package dev.sluice.keys;

import com.google.crypto.tink.KeyStatus;
import dev.sluice.keys.KeyInfo.Status;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of a key: enabled, primary, disabled, destroyed. Changes a file's content in memory; the caller writes
 * it. Ids are never reused, not even those of destroyed keys. Used by one thread.
 */
final class KeyLifeCycle {

    private final KeysetContent content;
    private final Keysets.Origin origin;

    /** The content as it is now; null after a change. A file may hold the keys of thousands of tenants. */
    private @Nullable Keysets loaded;

    private final SecureRandom random = new SecureRandom();

    /** The ids of all keys, destroyed ones too; empty until a key is made. */
    private final Set<Integer> taken = new HashSet<>();

    KeyLifeCycle(KeysetContent content, Keysets.Origin origin) {
        this.content = content;
        this.origin = origin;
    }

    /** A new keyset of one key, for a field that has none. */
    KeyInfo create(String field, KeyKind kind) {
        Keyset keyset = Keyset.generate(field, kind, freshId());
        change(keyset);
        return keyset.keys().get(0);
    }

    KeyInfo add(String field, boolean epoch) {
        Keyset keyset = keyset(field);
        requireEpoch(keyset, epoch);
        int id = freshId();
        change(keyset.with(id));
        return find(id);
    }

    KeyInfo promote(int keyId, boolean epoch) {
        KeyInfo key = find(keyId);
        if (key.primary()) {
            return key;
        }
        require(key, Status.ENABLED, "only an enabled key can become primary: run 'sluice keys enable' first");
        Keyset keyset = keyset(key.keyset());
        requireEpoch(keyset, epoch);
        change(keyset.promoting(keyId));
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
        change(keyset(key.keyset()).with(key.id(), tinkStatus));
        return find(key.id());
    }

    KeyInfo destroy(int keyId) {
        KeyInfo key = find(keyId);
        if (key.status() == Status.DESTROYED) {
            return key;
        }
        require(key, Status.DISABLED, "only a disabled key can be destroyed: run 'sluice keys disable' first");
        change(keyset(key.keyset()).without(keyId));
        return destroyed(key);
    }

    /** Also the primary keys: nothing may be masked for that tenant any more. */
    List<KeyInfo> destroyTenant(String tenant) {
        List<KeyInfo> keys = loaded().list().stream()
                .filter(key -> tenant.equals(key.tenant()) && key.status() != Status.DESTROYED)
                .toList();
        keys.stream().map(KeyInfo::keyset).distinct().forEach(content::remove);
        loaded = null;
        return keys.stream().map(this::destroyed).toList();
    }

    private KeyInfo destroyed(KeyInfo key) {
        KeyInfo gone = new KeyInfo(key.keyset(), key.kind(), key.id(), Status.DESTROYED, false);
        content.destroyed().add(gone);
        loaded = null;
        return gone;
    }

    /** Binds all keysets, after checking them, to a database. */
    UUID bind(UUID database, boolean rebind) {
        UUID bound = content.database();
        if (bound != null && !bound.equals(database) && !rebind) {
            throw new KeysException(origin.name() + " is bound to the database " + bound + ", and this one is "
                    + database + ": if its keys belong here now, add --rebind");
        }
        loaded();
        content.bind(database);
        return database;
    }

    private void change(Keyset keyset) {
        content.put(keyset);
        loaded = null;
    }

    private Keysets loaded() {
        Keysets known = loaded == null ? content.load(origin) : loaded;
        loaded = known;
        return known;
    }

    List<KeyInfo> list() {
        return loaded().list();
    }

    private KeyInfo find(int keyId) {
        return loaded().find(keyId)
                .orElseThrow(() -> new KeysException(
                        origin.name() + " has no key " + KeyInfo.hexId(keyId) + "; 'sluice keys list' shows the keys"));
    }

    private Keyset keyset(String field) {
        byte[] json = content.keysets().get(field);
        if (json == null) {
            throw new KeysException(origin.name() + " has no keyset '" + field + "'; it has "
                    + content.keysets().keySet().stream()
                            .filter(name -> KeysetName.tenant(name) == null)
                            .collect(Collectors.joining(", ")));
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
        return new KeysException("key " + key.hexId() + " of '" + key.keyset() + "' is "
                + (key.primary() ? "the primary key" : key.status().label()) + "; " + why);
    }

    private int freshId() {
        if (taken.isEmpty()) {
            list().forEach(key -> taken.add(key.id()));
        }
        int id = random.nextInt();
        // 0 is what Tink's JSON shows for a key without id.
        while (id == 0 || !taken.add(id)) {
            id = random.nextInt();
        }
        return id;
    }
}
