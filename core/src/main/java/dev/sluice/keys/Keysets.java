package dev.sluice.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.Mac;
import dev.sluice.encoding.Digests;
import dev.sluice.keys.KeyInfo.Status;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keysets of one file, loaded and checked: one per masked field ({@code <pipeline>.<column>}), {@value
 * #QUARANTINE}, and {@value #IDEMPOTENCY} if needed; or those of one tenant among them, see {@link #tenant}. Returns
 * primitives that use the keys, and lists the keys; never returns a key. Thread-safe, not serialisable.
 */
public final class Keysets {

    /** The keyset that seals originals. No field has this name, since a field's holds a dot. */
    public static final String QUARANTINE = "quarantine";

    /** The keyset that makes idempotency keys, if a pipeline uses them. No field has this name either. */
    public static final String IDEMPOTENCY = "idempotency";

    private static final byte[] CHECKED = "sluice key check value".getBytes(StandardCharsets.UTF_8);

    private static final int CHECK_BYTES = 8;

    private final Origin origin;
    private final Map<String, Keyset> keysets;
    private final Map<Integer, KeyInfo> keysById;

    private final @Nullable UUID database;

    /** Tenants of destroyed keys; some may have others. */
    private final Set<String> destroyedTenants;

    /** The only tenant whose keysets are used; null for those that belong to none. */
    private final @Nullable String tenant;

    /** What a throw-away file makes keysets of for any tenant that is asked for; empty for a real one. */
    private final Map<String, KeyKind> ephemeral;

    /**
     * @param origin where they were read from
     * @param destroyed keys that were destroyed
     * @param database the one that they are bound to; null for none
     * @throws KeysException if two keys have the same id
     */
    Keysets(Origin origin, Map<String, Keyset> keysets, List<KeyInfo> destroyed, @Nullable UUID database) {
        this(
                origin,
                new LinkedHashMap<>(keysets),
                new LinkedHashMap<>(),
                database,
                tenants(destroyed.stream().map(KeyInfo::keyset)),
                null,
                Map.of());
        keysets.values().forEach(keyset -> keyset.keys().forEach(this::index));
        destroyed.forEach(this::index);
    }

    /** Shares the maps with other keysets. */
    private Keysets(
            Origin origin,
            Map<String, Keyset> keysets,
            Map<Integer, KeyInfo> keysById,
            @Nullable UUID database,
            Set<String> destroyedTenants,
            @Nullable String tenant,
            Map<String, KeyKind> ephemeral) {
        this.origin = origin;
        this.keysets = keysets;
        this.keysById = keysById;
        this.database = database;
        this.destroyedTenants = destroyedTenants;
        this.tenant = tenant;
        this.ephemeral = ephemeral;
    }

    /**
     * Keys in memory only, for a dry run: their tokens have the length and form of real ones, and nobody can recover
     * them once the keys are gone. Never for anything that is kept. Any {@link #tenant} has keys of its own.
     *
     * @param wanted field to kind; {@value #QUARANTINE} is added
     */
    public static Keysets ephemeral(Map<String, KeyKind> wanted) {
        Map<String, KeyKind> all = new LinkedHashMap<>(wanted);
        all.put(QUARANTINE, KeyKind.SEALING);
        Keysets keysets = new Keysets(
                new Origin("the throw-away keys", null),
                new ConcurrentHashMap<>(),
                new ConcurrentHashMap<>(),
                null,
                Set.of(),
                null,
                all);
        keysets.generate(null);
        return keysets;
    }

    private synchronized void generate(@Nullable String forTenant) {
        ephemeral.forEach((field, kind) -> {
            // Ids tell keys of one file apart; without a file they need not be random.
            Keyset keyset = Keyset.generate(KeysetName.of(field, forTenant), kind, keysets.size() + 1);
            if (keysets.putIfAbsent(keyset.field(), keyset) == null) {
                keyset.keys().forEach(this::index);
            }
        });
    }

    /** The only tenant whose keys these are; empty if they belong to none. */
    public Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    /** The tenants that have keysets, those of other pipelines too, sorted. */
    public Set<String> tenants() {
        return tenants(keysets.keySet().stream());
    }

    private static Set<String> tenants(Stream<String> names) {
        return names.map(KeysetName::tenant).filter(Objects::nonNull).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The keysets of one tenant, under the names of their fields: what they mask joins with nothing of another tenant.
     *
     * @return empty if the tenant has none
     */
    public Optional<Keysets> tenant(String name) {
        if (!ephemeral.isEmpty() && !keysets.containsKey(KeysetName.of(QUARANTINE, name))) {
            generate(name);
        }
        return keysets.containsKey(KeysetName.of(QUARANTINE, name))
                ? Optional.of(new Keysets(origin, keysets, keysById, database, destroyedTenants, name, Map.of()))
                : Optional.empty();
    }

    /**
     * Whether the tenant had keys, and all were destroyed: what they masked cannot be read again, and nothing more is
     * masked.
     */
    public boolean wasDestroyed(String name) {
        return destroyedTenants.contains(name) && tenant(name).isEmpty();
    }

    /** The keysets that the key with this id belongs to, those of a tenant or the others; these, if there is no such key. */
    public Keysets holding(int keyId) {
        KeyInfo key = keysById.get(keyId);
        return key == null || key.tenant() == null ? this : tenant(key.tenant()).orElse(this);
    }

    /**
     * The cipher of a field that is masked by {@link KeyKind#DETERMINISTIC_AEAD}. Created at each call: call once, and
     * keep it.
     *
     * @throws KeysException if the file has no keyset for the field, or one of another kind
     */
    public DeterministicCipher deterministicCipher(String field) {
        return cipher(keyset(field, KeyKind.DETERMINISTIC_AEAD));
    }

    private DeterministicCipher cipher(Keyset keyset) {
        return use(keyset, () -> {
            DeterministicAead all = keyset.primitive(DeterministicAead.class);
            return new DeterministicCipher(all, keyset.primitiveOfEachKey(DeterministicAead.class, all));
        });
    }

    /**
     * The hash of a field that is masked by {@link KeyKind#KEYED_HASH}. Created at each call: call once, and keep it.
     *
     * @throws KeysException if the file has no keyset for the field, or one of another kind
     */
    public KeyedHash keyedHash(String field) {
        return hash(keyset(field, KeyKind.KEYED_HASH));
    }

    private KeyedHash hash(Keyset keyset) {
        return use(keyset, () -> {
            Mac all = keyset.primitive(Mac.class);
            return new KeyedHash(all, keyset.primitiveOfEachKey(Mac.class, all));
        });
    }

    /**
     * The sealer of originals for the quarantine. It opens also what was sealed for a tenant, unless these are the keysets
     * of another one.
     *
     * @throws KeysException if the file has no keyset {@value #QUARANTINE}
     */
    public Sealer sealer() {
        Keyset keyset = keyset(QUARANTINE, KeyKind.SEALING);
        Sealer own = use(keyset, () -> new TinkSealer(keyset.primitive(Aead.class)));
        return tenant == null ? new TenantSealer(own, this) : own;
    }

    /** Whether a field has keys. */
    public boolean has(String field) {
        return keysets.containsKey(KeysetName.of(field, tenant));
    }

    /**
     * Checks that a field has keys.
     *
     * @throws KeysException if there is no keyset for the field, or one of another kind
     */
    public void require(String field, KeyKind kind) {
        keyset(field, kind);
    }

    /** The ARN of the KMS key that the file is encrypted with; empty if it is in cleartext. */
    public Optional<String> encryptedBy() {
        return Optional.ofNullable(origin.kekId());
    }

    /**
     * The id of the database that audits each opening with these keys before it happens; empty if the file is bound to
     * none. A program that opens values compares it first.
     */
    public Optional<UUID> database() {
        return Optional.ofNullable(database);
    }

    /** Every key, in the file's order; destroyed keys last. */
    public List<KeyInfo> list() {
        return List.copyOf(keysById.values());
    }

    /** The key with this id, whatever its status: shows to which field a token belongs. Of a tenant, only its own keys. */
    public Optional<KeyInfo> find(int keyId) {
        return Optional.ofNullable(keysById.get(keyId)).filter(key -> tenant == null || tenant.equals(key.tenant()));
    }

    /**
     * Compares with a later state of the same file. There an id must mean the same bytes, field and kind as before, and
     * a destroyed key must stay destroyed; status and primary key may differ.
     *
     * @return the keys of this state that the later one contradicts; keys that it lacks are not among them
     */
    public List<KeyInfo> contradictedBy(Keysets later) {
        return list().stream()
                .filter(key -> later.find(key.id())
                        .filter(found -> contradicts(key, found, later))
                        .isPresent())
                .toList();
    }

    private boolean contradicts(KeyInfo key, KeyInfo found, Keysets later) {
        if (!found.keyset().equals(key.keyset()) || found.kind() != key.kind()) {
            return true;
        }
        if (key.status() == Status.DESTROYED || found.status() == Status.DESTROYED) {
            return found.status() != Status.DESTROYED;
        }
        Keyset before = Objects.requireNonNull(keysets.get(key.keyset()));
        Keyset after = Objects.requireNonNull(later.keysets.get(key.keyset()));
        return !before.sharesKey(key.id(), after);
    }

    /**
     * Why recovery with these keys is refused on a database; empty if they are bound to it, or to none.
     *
     * @param id what {@code sluice migrate} gave the database
     */
    public Optional<String> otherDatabase(UUID id) {
        return database()
                .filter(bound -> !bound.equals(id))
                .map(bound -> origin.name() + " is bound to the database " + bound + ", and this one is " + id
                        + ": its audit does not record the use of these keys. Set the other database"
                        + " (SLUICE_DATABASE_URL), or, if the keys belong here now, run 'sluice keys bind --rebind'");
    }

    /**
     * A key check value, by which two hosts find out that they hold the same primary keys: a hash of what the keys make of a
     * fixed text, 8 bytes in hexadecimal. Says nothing about the keys.
     */
    public String checkValue() {
        StringBuilder checked = new StringBuilder();
        new TreeMap<>(keysets).forEach((name, keyset) -> checked.append(name)
                .append(' ')
                .append(keyset.kind().label())
                .append(' ')
                .append(checkValue(keyset))
                .append('\n'));
        byte[] hash = Digests.sha256(checked.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, CHECK_BYTES);
    }

    private String checkValue(Keyset keyset) {
        return switch (keyset.kind()) {
            case DETERMINISTIC_AEAD -> HexFormat.of().formatHex(cipher(keyset).encrypt(CHECKED, CHECKED));
            case KEYED_HASH -> HexFormat.of().formatHex(hash(keyset).hash(CHECKED));
            // Seals at random; its keys' ids are random too, and tell them apart.
            case SEALING ->
                keyset.keys().stream()
                        .filter(KeyInfo::primary)
                        .map(KeyInfo::hexId)
                        .findFirst()
                        .orElse("");
        };
    }

    /** Shows how many keysets there are, never their content. */
    @Override
    public String toString() {
        return "Keysets[" + keysets.size() + " keysets, keys not shown]";
    }

    /** Every token contains a key id, which identifies its field, so no two keys may share one. */
    private void index(KeyInfo key) {
        if (keysById.put(key.id(), key) != null) {
            throw new KeysException(origin.name() + ": the keyset '" + key.keyset() + "' holds the key id "
                    + key.unsignedId() + ", which another key has too");
        }
    }

    private <P> P use(Keyset keyset, Use<P> use) {
        try {
            return use.get();
        } catch (GeneralSecurityException unusable) {
            throw new KeysException(origin.name() + ": the keyset '" + keyset.field() + "' cannot be used as "
                    + keyset.kind().algorithm());
        }
    }

    private Keyset keyset(String field, KeyKind kind) {
        String name = KeysetName.of(field, tenant);
        @Nullable Keyset keyset = keysets.get(name);
        if (keyset == null) {
            throw new KeysException(origin.name() + " has no keyset '" + name
                    + "': if it had one, restore the file from a backup; for a new pipeline or column, run 'sluice keys"
                    + " create', which adds what is missing and changes nothing else");
        }
        if (keyset.kind() != kind) {
            throw new KeysException(origin.name() + ": the keyset '" + name + "' is for "
                    + keyset.kind().label() + ", but the pipeline requires " + kind.label());
        }
        return keyset;
    }

    /**
     * Where keysets were read from.
     *
     * @param name for messages
     * @param kekId the key that the file is encrypted with; null for cleartext
     */
    record Origin(String name, @Nullable String kekId) {}

    /** Builds a primitive from a keyset. */
    private interface Use<P> {
        P get() throws GeneralSecurityException;
    }
}
