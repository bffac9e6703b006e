package dev.sluice.keys;

import java.util.Locale;

/**
 * One key, as {@code sluice keys list} shows it: everything but its bytes.
 *
 * @param field {@code <pipeline>.<column>}, or {@link Keysets#QUARANTINE}
 * @param kind what it is for
 * @param id 32 bits, unsigned; unique in the keyset file, and part of everything the key made
 * @param status whether it may be used
 * @param primary whether new values are made with it; one key of each field is
 */
public record KeyInfo(String field, KeyKind kind, int id, Status status, boolean primary) {

    /** The id as Tink writes it in JSON: 1 to 4,294,967,295. */
    public long unsignedId() {
        return Integer.toUnsignedLong(id);
    }

    /** The id as eight lower-case hex digits. */
    public String hexId() {
        return String.format(Locale.ROOT, "%08x", id);
    }

    /** What may be done with a key. */
    public enum Status {
        /** Makes values if it is the primary one, and reads those it made. */
        ENABLED,
        /** Not used; can be enabled again. */
        DISABLED,
        /** Gone for good: what it made cannot be read again. */
        DESTROYED
    }
}
