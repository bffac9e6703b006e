package dev.sluice.keys;

import dev.sluice.encoding.Utf16;
import org.jspecify.annotations.Nullable;

/**
 * The name of a keyset in its file: the field alone, or {@code <field>@<tenant>} for the keys of one tenant. A field
 * ({@code <pipeline>.<column>}, {@value Keysets#QUARANTINE}, {@value Keysets#IDEMPOTENCY}) holds no {@code @}; a tenant
 * may. Stateless.
 */
public final class KeysetName {

    /** As long as a message group id of SQS may be (API reference, MessageGroupId), which is one source of tenants. */
    public static final int MAX_TENANT_LENGTH = 128;

    private static final char SEPARATOR = '@';

    private KeysetName() {}

    /**
     * Puts the parts together.
     *
     * @param tenant null for keys that do not belong to one
     */
    public static String of(String field, @Nullable String tenant) {
        return tenant == null ? field : field + SEPARATOR + tenant;
    }

    /** The part before the tenant. */
    public static String field(String name) {
        int at = name.indexOf(SEPARATOR);
        return at < 0 ? name : name.substring(0, at);
    }

    /** The tenant; null if the keys do not belong to one. */
    public static @Nullable String tenant(String name) {
        int at = name.indexOf(SEPARATOR);
        return at < 0 ? null : name.substring(at + 1);
    }

    /**
     * Whether a text can name a tenant: 1 to {@value #MAX_TENANT_LENGTH} characters, none of them a control character or
     * half of a surrogate pair, no white space around. Compared character by character: {@code Acme} and {@code acme} are
     * two tenants.
     */
    public static boolean isTenant(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_TENANT_LENGTH
                && text.strip().equals(text)
                && text.chars().noneMatch(Character::isISOControl)
                && Utf16.indexOfLoneSurrogate(text) < 0;
    }
}
