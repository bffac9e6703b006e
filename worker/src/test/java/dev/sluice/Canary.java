package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A clear value that must not be found, in any of the forms that programs write values in: as it is, in base64 (of both
 * alphabets, wherever in a longer text it begins), in hex, URL-encoded, or as plain SHA-256, which anyone can reverse.
 */
public record Canary(String value) {

    /** All of them; none is so short that it could stand in a text by chance. */
    public List<String> forms() {
        byte[] bytes = value.getBytes(UTF_8);
        List<String> forms = new ArrayList<>(List.of(value, URLEncoder.encode(value, UTF_8)));
        for (int offset = 0; offset < 3; offset++) {
            String inner = base64(bytes, offset);
            forms.addAll(List.of(inner, inner.replace('+', '-').replace('/', '_')));
        }
        for (HexFormat hex : List.of(HexFormat.of(), HexFormat.of().withUpperCase())) {
            forms.addAll(List.of(hex.formatHex(bytes), hex.formatHex(sha256(bytes))));
        }
        return forms.stream().distinct().toList();
    }

    /** Whether the text holds one of them. */
    public boolean isIn(String text) {
        return forms().stream().anyMatch(text::contains);
    }

    /** What stands in the base64 of a text in which the value begins {@code offset} bytes after a group of three. */
    private static String base64(byte[] value, int offset) {
        byte[] text = new byte[offset + value.length];
        System.arraycopy(value, 0, text, offset, value.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(text);
        // Without the characters at both ends that hold bits of the neighbours too.
        return encoded.substring((offset * 8 + 5) / 6, text.length * 8 / 6);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
