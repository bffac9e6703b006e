package dev.sluice.encoding;

/** Looks at Java's own text encoding. Stateless. */
public final class Utf16 {

    private Utf16() {}

    /** The index of the first surrogate without its other half, which has no form in UTF-8; -1 if there is none. */
    public static int indexOfLoneSurrogate(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (at + 1 == text.length() || !Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1))) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }
}
