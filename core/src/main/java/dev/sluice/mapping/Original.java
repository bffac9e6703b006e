package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import dev.sluice.keys.Sealer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a record came from, kept until it is settled so that a rejected record can be quarantined and
 * replayed. Gives out only sealed bytes, never clear ones. Thread-safe.
 */
public final class Original {

    private final Body clear;
    private final Attributes attributes;
    private final Form form;
    private final Sealer sealer;
    private final Binding binding;
    private final byte @Nullable [] idempotencyKey;

    Original(
            Body clear,
            Attributes attributes,
            Form form,
            Sealer sealer,
            Binding binding,
            byte @Nullable [] idempotencyKey) {
        this.clear = clear;
        this.attributes = attributes;
        this.form = form;
        this.sealer = sealer;
        this.binding = binding;
        this.idempotencyKey = idempotencyKey;
    }

    /**
     * Encrypts the bytes, with the attributes that columns read, under the keyset {@code quarantine}, with {@link #binding}
     * as associated data.
     *
     * @return the ciphertext, different at each call
     */
    public byte[] seal() {
        Body sealed = attributes.needsFrame(clear) ? Body.of(attributes.frame(clear)) : clear;
        return sealer.seal(sealed.buffer(), sealed.offset(), sealed.length(), binding.associatedData());
    }

    /**
     * The body or record in what {@link #seal} encrypted, without the attributes, for a look at a quarantined original.
     *
     * @param unsealed not modified
     */
    public static byte[] bodyOf(byte[] unsealed) {
        return Attributes.Framed.parse(unsealed).bytes();
    }

    /** What the sealed bytes are bound to. */
    public Binding binding() {
        return binding;
    }

    /**
     * The key that identifies duplicates of this record: 16 bytes of a keyed hash, not to be modified; null if records
     * are identified by their messages.
     */
    public byte @Nullable [] idempotencyKey() {
        return idempotencyKey;
    }

    /** How many clear bytes it has. */
    public int length() {
        return clear.length() + attributes.bytes();
    }

    /** The clear bytes, for this package's own second look at a rejected record. */
    Body clear() {
        return clear;
    }

    /** What the sealed bytes are. */
    public Form form() {
        return form;
    }

    /** Shows the length, never the content. */
    @Override
    public String toString() {
        return "Original[" + form + ", " + length() + " bytes]";
    }

    /** How far the body was taken apart when the record was rejected: where a replay starts. */
    public enum Form implements Labelled {
        /** The message's body as it was received, still wrapped or compressed if it was. */
        BODY,
        /** One JSON record of it. */
        RECORD
    }

    /**
     * What a sealed original is bound to: unsealing requires the same.
     *
     * @param pipeline the pipeline's name
     * @param messageId the queue's id of the message
     * @param protection the {@link FieldProtection#text} of the pipeline that sealed it first; null for an original
     *     that was sealed before originals were bound to one
     */
    public record Binding(String pipeline, String messageId, @Nullable String protection) {

        /** Equal bindings have equal texts. */
        public String associatedData() {
            String message = pipeline + "|quarantine|" + messageId;
            return protection == null ? message + "|v1" : message + "|v2|" + protection;
        }
    }
}
