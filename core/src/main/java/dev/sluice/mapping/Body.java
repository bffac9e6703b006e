package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * JSON text within a buffer, or the reason why the message contains none.
 *
 * @param buffer UTF-8
 * @param reason null if {@code offset} and {@code length} are valid
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never copied: the hot path's view of a message's bytes
record Body(byte[] buffer, int offset, int length, @Nullable Reason reason) {

    static Body of(byte[] buffer) {
        return new Body(buffer, 0, buffer.length, null);
    }

    static Body refused(byte[] buffer, Reason reason) {
        return new Body(buffer, 0, buffer.length, reason);
    }

    /** Shows the length, never the content. */
    @Override
    public String toString() {
        return "Body[" + length + " bytes, " + reason + "]";
    }
}
