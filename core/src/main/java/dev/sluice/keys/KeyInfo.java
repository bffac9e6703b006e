package dev.sluice.keys;

import dev.sluice.encoding.Labelled;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One key, as {@code sluice keys list} shows it: everything but its bytes.
 *
 * @param keyset the name of its keyset, see {@link KeysetName}
 * @param kind what it is for
 * @param id 32 bits, unsigned; unique in the keyset file, and part of everything the key made
 * @param status whether it may be used
 * @param primary whether new values are made with it; exactly one key of each keyset is primary
 */
public record KeyInfo(String keyset, KeyKind kind, int id, Status status, boolean primary) {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{8}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,10}");
    private static final long MAX_ID = 0xffff_ffffL;

    /** {@code <pipeline>.<column>}, {@link Keysets#QUARANTINE} or {@link Keysets#IDEMPOTENCY}. */
    public String field() {
        return KeysetName.field(keyset);
    }

    /** The only tenant whose values are masked with it; null for a key that does not belong to one. */
    public @Nullable String tenant() {
        return KeysetName.tenant(keyset);
    }

    /** The id as Tink writes it in JSON: 1 to 4,294,967,295. */
    public long unsignedId() {
        return Integer.toUnsignedLong(id);
    }

    /** The id as eight lower-case hex digits. */
    public String hexId() {
        return hexId(id);
    }

    /** Any id in this form. */
    public static String hexId(int id) {
        return HexFormat.of().toHexDigits(id);
    }

    /**
     * Parses an id as people write it: eight hex digits, or decimal as in Tink's JSON. Eight decimal digits are hex.
     *
     * @return empty if it is neither
     */
    public static OptionalInt parseId(String text) {
        if (HEX.matcher(text).matches()) {
            return OptionalInt.of(Integer.parseUnsignedInt(text, 16));
        }
        boolean decimal = DECIMAL.matcher(text).matches() && Long.parseLong(text) <= MAX_ID;
        return decimal ? OptionalInt.of(Integer.parseUnsignedInt(text)) : OptionalInt.empty();
    }

    /** What may be done with a key. */
    public enum Status implements Labelled {
        /** Reads the values it made; makes new ones if it is the primary key. */
        ENABLED,
        /** Not used; can be enabled again. */
        DISABLED,
        /** Removed permanently: what it made cannot be read again. */
        DESTROYED
    }
}
