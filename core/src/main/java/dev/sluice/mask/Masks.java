package dev.sluice.mask;

import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import org.jspecify.annotations.Nullable;

/** Creates masks; the only place that knows which class implements which {@link MaskKind}. Stateless. */
public final class Masks {

    private Masks() {}

    /**
     * Binds a column's mask to its keys. Called once per column, when the pipeline is compiled.
     *
     * @param pipeline the pipeline's name, without a dot
     * @param column the column's name
     * @return the mask; a {@link ReversibleMask} for {@link MaskKind#DETERMINISTIC_AEAD}
     * @throws KeysException if the mask is keyed and the keysets have none of its kind for {@link #field}
     * @throws IllegalArgumentException if the spec contradicts itself or a name is invalid; the reader of pipeline
     *     files finds both first and reports their position
     */
    public static Mask of(MaskSpec spec, String pipeline, String column, Keysets keysets) {
        Field field = new Field(pipeline, column);
        return switch (spec.kind()) {
            case DETERMINISTIC_AEAD -> new DeterministicAeadMask(field, spec.form(), keysets);
            case KEYED_HASH -> new KeyedHashMask(field, spec.form(), keysets);
            case GENERALIZE -> generalize(spec);
            case REDACT -> new RedactMask(replacement(spec));
            case SHA256 -> sha256(spec);
        };
    }

    /** The name of a column's keyset in the keyset file: {@code <pipeline>.<column>}. */
    public static String field(String pipeline, String column) {
        return new Field(pipeline, column).name();
    }

    /** The kind of keyset that a mask requires; null if it is not {@linkplain MaskKind#keyed() keyed}. */
    public static @Nullable KeyKind keyKind(MaskKind kind) {
        return switch (kind) {
            case DETERMINISTIC_AEAD -> KeyKind.DETERMINISTIC_AEAD;
            case KEYED_HASH -> KeyKind.KEYED_HASH;
            case GENERALIZE, REDACT, SHA256 -> null;
        };
    }

    /**
     * The width that a column needs: the length in characters of the longest masked text of any clear text of up to
     * {@code clearBytes} bytes of UTF-8. Depends on the clear size only for {@link MaskKind#DETERMINISTIC_AEAD} of text
     * (71 up to 31 bytes, 114 up to 63, 199 up to 127, 370 up to 255); elsewhere pass 0.
     *
     * @param clearBytes 0 or more
     */
    public static long maxLength(MaskSpec spec, int clearBytes) {
        return switch (spec.kind()) {
            case DETERMINISTIC_AEAD -> DeterministicAeadMask.tokenLength(spec.form(), clearBytes);
            case KEYED_HASH -> Token.length(KeyedHash.HASH_BYTES);
            case GENERALIZE -> GeneralizeMask.MAX_TEXT;
            case REDACT -> replacement(spec).codePointCount(0, replacement(spec).length());
            case SHA256 -> Sha256Mask.TEXT_LENGTH;
        };
    }

    private static Mask generalize(MaskSpec spec) {
        if (spec.form() != CanonicalForm.IP) {
            throw new IllegalArgumentException("a mask of kind generalize needs 'as: ip'");
        }
        return new GeneralizeMask();
    }

    private static Mask sha256(MaskSpec spec) {
        if (!spec.acceptReversible()) {
            throw new IllegalArgumentException(
                    "a mask of kind sha256 can be reversed by anyone; it needs 'accept-reversible: true'");
        }
        return new Sha256Mask(spec.form());
    }

    private static String replacement(MaskSpec spec) {
        @Nullable String replacement = spec.replacement();
        if (replacement == null) {
            throw new IllegalArgumentException("a mask of kind redact needs its replacement");
        }
        return replacement;
    }
}
