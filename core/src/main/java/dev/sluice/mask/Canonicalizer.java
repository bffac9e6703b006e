package dev.sluice.mask;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A canonical form with a column's settings applied. Thread-safe.
 *
 * @param reader the bytes to mask of a clear text, {@link FixedSize#BYTES} or UTF-8; null if it does not have the form
 * @param writer the canonical text of such bytes; null if the form has none for them
 */
record Canonicalizer(
        CanonicalForm form, Function<String, byte @Nullable []> reader, Function<byte[], @Nullable String> writer) {

    static Canonicalizer of(MaskSpec spec) {
        return switch (spec.form()) {
            case TEXT -> new Canonicalizer(spec.form(), Text::encode, Text::decode);
            case IP ->
                new Canonicalizer(
                        spec.form(),
                        IpAddress::parse,
                        bytes -> bytes.length == IpAddress.BYTES ? IpAddress.format(bytes) : null);
            case EMAIL ->
                new Canonicalizer(
                        spec.form(), encoded(clear -> EmailAddress.canonical(clear, spec.fold())), Text::decode);
            case PHONE ->
                new Canonicalizer(spec.form(), clear -> PhoneNumber.encode(clear, spec.region()), PhoneNumber::decode);
            case MAC -> new Canonicalizer(spec.form(), MacAddress::encode, MacAddress::decode);
            case CARD -> new Canonicalizer(spec.form(), CardNumber::encode, FixedSize::unpack);
        };
    }

    private static Function<String, byte @Nullable []> encoded(Function<String, @Nullable String> canonical) {
        return clear -> {
            String text = canonical.apply(clear);
            return text == null ? null : Text.encode(text);
        };
    }

    /** The bytes to mask, not padded; null if the text does not have the form. */
    byte @Nullable [] bytes(String clear) {
        return reader.apply(clear);
    }

    /** The canonical spelling; null if the text does not have the form. */
    @Nullable
    String text(String clear) {
        byte[] bytes = bytes(clear);
        return bytes == null ? null : writer.apply(bytes);
    }

    /** The bytes to encrypt: padded, unless the form is of one size. Null if the text does not have the form. */
    byte @Nullable [] padded(String clear) {
        byte[] bytes = bytes(clear);
        return bytes == null || form.fixedSize() ? bytes : Text.pad(bytes);
    }

    /** The canonical spelling of what {@link #padded} gave; null if it cannot have given it. */
    @Nullable
    String unpadded(byte[] padded) {
        if (form.fixedSize()) {
            return padded.length == FixedSize.BYTES ? writer.apply(padded) : null;
        }
        int length = Text.unpaddedLength(padded);
        return length < 0 ? null : writer.apply(Arrays.copyOf(padded, length));
    }
}
