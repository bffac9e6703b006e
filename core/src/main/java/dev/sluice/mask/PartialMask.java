package dev.sluice.mask;

import org.jspecify.annotations.Nullable;

/**
 * {@link MaskKind#PARTIAL}: leaves a part of the canonical text readable and drops the rest, its length included.
 * Thread-safe, without state.
 */
final class PartialMask implements Mask {

    private static final String DROPPED = "****";
    private static final int LAST = 4;

    /** Four of ten characters at most are kept: fewer would hide less than people expect of a mask. */
    private static final int SHORTEST_KEPT = 10;

    private static final String ANY_MAILBOX = "*@";

    private final Canonicalizer form;
    private final Keep keep;

    PartialMask(Canonicalizer form, Keep keep) {
        this.form = form;
        this.keep = keep;
    }

    /** Whether the part exists, and says something: the end of an e-mail address is that of thousands. */
    static boolean suits(Keep keep, CanonicalForm form) {
        return switch (form) {
            case EMAIL -> keep == Keep.DOMAIN;
            case TEXT, PHONE, CARD -> keep == Keep.LAST_4;
            case IP, MAC -> false;
        };
    }

    /** As {@link Masks#maxLength}. */
    static long maxLength(Keep keep, int clearBytes) {
        return switch (keep) {
            case LAST_4 -> DROPPED.length() + LAST;
            case DOMAIN -> Math.min(EmailAddress.MAX_BYTES, clearBytes);
        };
    }

    @Override
    public @Nullable String mask(String clear) {
        String text = form.text(clear);
        if (text == null) {
            return null;
        }
        return switch (keep) {
            case LAST_4 -> DROPPED + last(text);
            case DOMAIN -> ANY_MAILBOX + text.substring(text.lastIndexOf('@') + 1);
        };
    }

    private static String last(String text) {
        boolean enough = text.codePointCount(0, text.length()) >= SHORTEST_KEPT;
        return enough ? text.substring(text.offsetByCodePoints(text.length(), -LAST)) : "";
    }
}
