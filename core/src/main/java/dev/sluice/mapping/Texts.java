package dev.sluice.mapping;

import dev.sluice.encoding.Utf16;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Rules for texts. Methods return a value or a {@link Reason}, as one {@link Object}: no allocation, no exception. */
final class Texts {

    private static final int UUID_LENGTH = 36;

    private Texts() {}

    /**
     * The text itself if PostgreSQL can store it unaltered.
     *
     * @param maxCodePoints the column's width
     */
    static Object checked(String text, int maxCodePoints) {
        Reason unfit = unfit(text);
        if (unfit != null) {
            return unfit;
        }
        // A text of no more chars than the limit has no more code points either.
        boolean fits = text.length() <= maxCodePoints || text.codePointCount(0, text.length()) <= maxCodePoints;
        return fits ? text : Reason.TOO_LONG;
    }

    /** Why UTF-8 or PostgreSQL cannot represent the text exactly; null if both can. */
    static @Nullable Reason unfit(String text) {
        int nul = text.indexOf(0);
        int lone = Utf16.indexOfLoneSurrogate(text);
        if (nul < 0 && lone < 0) {
            return null;
        }
        return lone < 0 || (nul >= 0 && nul < lone) ? Reason.NUL_CHARACTER : Reason.LONE_SURROGATE;
    }

    /** Whether the text is a UUID in the form of RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits of either case. */
    static boolean isUuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : !HexFormat.isHexDigit(c)) {
                return false;
            }
        }
        return true;
    }
}
