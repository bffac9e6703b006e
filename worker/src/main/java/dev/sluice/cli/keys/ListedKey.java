package dev.sluice.cli.keys;

import dev.sluice.cli.command.Listing;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysetName;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code sluice keys list}: a key of the keyset file, or a key id that rows carry and the file lacks.
 *
 * @param field the keyset's name, with the tenant; null for an id that the file lacks, since nothing else tells it; as {@code use}
 * @param rows how many rows carry the id; null when they were not counted
 */
record ListedKey(
        @Nullable String field, @Nullable String use, String id, String status, boolean primary, @Nullable Long rows) {

    static ListedKey of(KeyInfo key) {
        return of(key, null);
    }

    static ListedKey of(KeyInfo key, @Nullable Long rows) {
        return new ListedKey(
                key.keyset(), key.kind().label(), key.hexId(), key.status().label(), key.primary(), rows);
    }

    boolean isOf(String tenant) {
        return field != null && tenant.equals(KeysetName.tenant(field));
    }

    /** One that made rows and is not in the file. */
    static ListedKey missing(int id, long rows) {
        return new ListedKey(null, null, KeyInfo.hexId(id), "not in this file", false, rows);
    }

    /** Never shortened: somebody types an id again. */
    static Listing<ListedKey> listing() {
        return new Listing<ListedKey>()
                .text("field", key -> shown(key.field()))
                .json("field", ListedKey::field)
                .text("use", key -> shown(key.use()))
                .json("use", ListedKey::use)
                .column("key id", "key_id", ListedKey::id)
                .column("status", ListedKey::status)
                .column("primary", ListedKey::primary)
                .whole();
    }

    /** The same with the rows. */
    static Listing<ListedKey> listingWithRows() {
        return listing().text("rows", key -> shown(key.rows())).json("rows", ListedKey::rows);
    }

    private static Object shown(@Nullable Object value) {
        return value == null ? "" : value;
    }
}
