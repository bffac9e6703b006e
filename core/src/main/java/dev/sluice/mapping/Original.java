package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import dev.sluice.keys.Sealer;
import org.jspecify.annotations.Nullable;

/**
 * What a record was made from, kept until it is settled so that a rejected record can be quarantined and replayed. The
 * clear bytes are not to be had from here, only sealed ones. Thread-safe.
 */
public final class Original {

    private final byte[] buffer;
    private final int offset;
    private final int length;
    private final Form form;
    private final Sealer sealer;
    private final Binding binding;
    private final byte @Nullable [] idempotencyKey;

    Original(byte[] buffer, int offset, int length, Form form, Sealer sealer, Binding binding) {
        this(buffer, offset, length, form, sealer, binding, null);
    }

    Original(
            byte[] buffer,
            int offset,
            int length,
            Form form,
            Sealer sealer,
            Binding binding,
            byte @Nullable [] idempotencyKey) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.form = form;
        this.sealer = sealer;
        this.binding = binding;
        this.idempotencyKey = idempotencyKey;
    }

    /**
     * Encrypts the bytes under the keyset {@code quarantine}, with {@link #binding} as associated data.
     *
     * @return the ciphertext; another one at each call
     */
    public byte[] seal() {
        return sealer.seal(buffer, offset, length, binding.associatedData());
    }

    /** What it is bound to once it is sealed. */
    public Binding binding() {
        return binding;
    }

    /**
     * By what a second record like this one is found: 16 bytes of a keyed hash, not to be written to; null when records
     * are known by their messages.
     */
    public byte @Nullable [] idempotencyKey() {
        return idempotencyKey;
    }

    /** How many clear bytes it has. */
    public int length() {
        return length;
    }

    /** The clear bytes, for this package's own second look at a rejected record. */
    Body clear() {
        return new Body(buffer, offset, length, null);
    }

    /** What the sealed bytes are. */
    public Form form() {
        return form;
    }

    /** The length in clear, nothing of the content. */
    @Override
    public String toString() {
        return "Original[" + form + ", " + length + " bytes]";
    }

    /** How far the body had been taken apart when the record was found bad: where a replay must begin. */
    public enum Form implements Labelled {
        /** The message's body as it was received, still wrapped or compressed if it was. */
        BODY,
        /** One JSON record out of it. */
        RECORD
    }

    /**
     * What a sealed original is bound to: unsealing asks for the same.
     *
     * @param pipeline the pipeline's name
     * @param messageId the queue's id of the message
     * @param protection the {@link FieldProtection#text} of the pipeline that sealed it first; null for an original that
     *     was sealed before originals were bound to one
     */
    public record Binding(String pipeline, String messageId, @Nullable String protection) {

        /** One text for one binding. */
        public String associatedData() {
            String message = pipeline + "|quarantine|" + messageId;
            return protection == null ? message + "|v1" : message + "|v2|" + protection;
        }
    }
}
