package dev.sluice.mask;

import dev.sluice.encoding.Digests;
import dev.sluice.keys.KeyKind;
import dev.sluice.keys.KeyedHash;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Creates masks; the only place that knows which class implements which {@link MaskKind}. Stateless. */
public final class Masks {

    /** To be changed whenever tokens of one key are made differently: padding, encoding, algorithm. */
    private static final String TOKEN_VERSION = "v1";

    /** Two digits for each of 32 bytes. */
    private static final int SHA256_LENGTH = 64;

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
        String field = field(pipeline, column);
        return switch (spec.kind()) {
            case DETERMINISTIC_AEAD -> new DeterministicAeadMask(field, Canonicalizer.of(spec), keysets);
            case KEYED_HASH -> new KeyedHashMask(field, Canonicalizer.of(spec), keysets);
            case GENERALIZE -> generalize(spec);
            case PARTIAL -> new PartialMask(Canonicalizer.of(spec), keep(spec));
            case REDACT -> redact(replacement(spec));
            case SHA256 -> sha256(spec);
        };
    }

    /** The name of a column's keyset in the keyset file: {@code <pipeline>.<column>}. */
    public static String field(String pipeline, String column) {
        if (pipeline.isEmpty() || pipeline.indexOf('.') >= 0 || column.isEmpty()) {
            throw new IllegalArgumentException("a masked column needs a name, and its pipeline a name without a dot");
        }
        return pipeline + "." + column;
    }

    /**
     * {@code <pipeline>.<column>|<form>|v1} in UTF-8: a token moved to another field or form fails authentication.
     *
     * @param field as {@link #field} gives it
     */
    static byte[] associatedData(String field, CanonicalForm form) {
        return (field + "|" + form.label() + "|" + TOKEN_VERSION).getBytes(StandardCharsets.UTF_8);
    }

    /** The kind of keyset that a mask requires; null if it is not {@linkplain MaskKind#keyed() keyed}. */
    public static @Nullable KeyKind keyKind(MaskKind kind) {
        return switch (kind) {
            case DETERMINISTIC_AEAD -> KeyKind.DETERMINISTIC_AEAD;
            case KEYED_HASH -> KeyKind.KEYED_HASH;
            case GENERALIZE, PARTIAL, REDACT, SHA256 -> null;
        };
    }

    /**
     * The width that a column needs: the length in characters of the longest masked text of any clear text of up to {@code
     * clearBytes} bytes of UTF-8. Depends on the clear size only for {@link MaskKind#DETERMINISTIC_AEAD} of texts and
     * e-mail addresses (71 up to 31 bytes, 114 up to 63, 199 up to 127, 370 up to 255), and for {@link Keep#DOMAIN};
     * elsewhere pass 0.
     *
     * @param clearBytes 0 or more; of an e-mail address in its canonical form, which has up to 254
     */
    public static long maxLength(MaskSpec spec, int clearBytes) {
        return switch (spec.kind()) {
            case DETERMINISTIC_AEAD -> DeterministicAeadMask.tokenLength(spec.form(), canonicalBytes(spec, clearBytes));
            case KEYED_HASH -> Tokens.length(KeyedHash.HASH_BYTES);
            case GENERALIZE -> IpAddress.MAX_NETWORK_TEXT;
            case PARTIAL -> PartialMask.maxLength(keep(spec), clearBytes);
            case REDACT -> replacement(spec).codePointCount(0, replacement(spec).length());
            case SHA256 -> SHA256_LENGTH;
        };
    }

    private static int canonicalBytes(MaskSpec spec, int clearBytes) {
        return spec.form() == CanonicalForm.EMAIL ? Math.min(clearBytes, EmailAddress.MAX_BYTES) : clearBytes;
    }

    /**
     * The length in characters of the shortest masked text of any clear text of that many characters: what is certain
     * before it is masked. Only a token of a text grows with it; other forms have spellings longer than themselves.
     */
    public static long minLength(MaskSpec spec, int clearChars) {
        boolean grows = spec.kind() == MaskKind.DETERMINISTIC_AEAD && spec.form() == CanonicalForm.TEXT;
        return grows ? maxLength(spec, clearChars) : 0;
    }

    /** Whether {@link MaskKind#PARTIAL} can keep that part of values of that form. */
    public static boolean suits(Keep keep, CanonicalForm form) {
        return PartialMask.suits(keep, form);
    }

    private static Mask generalize(MaskSpec spec) {
        if (spec.form() != CanonicalForm.IP) {
            throw new IllegalArgumentException("a mask of kind generalize needs 'as: ip'");
        }
        return IpAddress::network;
    }

    /**
     * Lower-case hex of SHA-256 over the UTF-8 of the text as given, or of its canonical text. No protection for
     * small domains: all of IPv4 is tried in minutes.
     */
    private static Mask sha256(MaskSpec spec) {
        if (!spec.acceptReversible()) {
            throw new IllegalArgumentException(
                    "a mask of kind sha256 can be reversed by anyone; it needs 'accept-reversible: true'");
        }
        Canonicalizer form = Canonicalizer.of(spec);
        return clear -> {
            String text = form.text(clear);
            return text == null
                    ? null
                    : HexFormat.of().formatHex(Digests.sha256(text.getBytes(StandardCharsets.UTF_8)));
        };
    }

    /** The same constant for every value. */
    private static Mask redact(String replacement) {
        return clear -> replacement;
    }

    private static Keep keep(MaskSpec spec) {
        Keep keep = spec.keep();
        if (keep == null || !PartialMask.suits(keep, spec.form())) {
            throw new IllegalArgumentException("a mask of kind partial needs a part that it can keep of its form");
        }
        return keep;
    }

    private static String replacement(MaskSpec spec) {
        @Nullable String replacement = spec.replacement();
        if (replacement == null) {
            throw new IllegalArgumentException("a mask of kind redact needs its replacement");
        }
        return replacement;
    }
}
