package dev.sluice.mask;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * E-mail addresses: the addr-spec of RFC 5322, section 3.4.1, whose local part is a dot-atom (of RFC 6531, so that
 * letters may be of any script). Stateless; never looks a domain up.
 */
public final class EmailAddress {

    /** RFC 5321, section 4.5.3.1.3: a path of 256 octets includes two angle brackets. */
    static final int MAX_BYTES = 254;

    /** RFC 5321, section 4.5.3.1.1. */
    private static final int MAX_LOCAL_BYTES = 64;

    /** RFC 5322, section 3.2.3, and letters, marks and digits beyond ASCII. */
    private static final String ATOM = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\-[\\p{L}\\p{M}\\p{N}&&[^\\x00-\\x7f]]]+";

    private static final Pattern LOCAL = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*+");

    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    /** Two labels or more; the last begins with a letter, unlike an IPv4 address's (RFC 1123, section 2.1). */
    private static final Pattern DOMAIN = Pattern.compile("(?:" + LABEL + "\\.)++(?=[a-z])" + LABEL);

    /**
     * What IDNA 2003 maps to another name, and IDNA 2008 keeps (RFC 5894, section 7.2): sharp s, final sigma, the zero
     * width joiners. Converting them could merge the domains of two owners.
     */
    private static final Pattern DISPUTED = Pattern.compile("[\u00df\u1e9e\u03c2\u200c\u200d]");

    private EmailAddress() {}

    /**
     * The address with its domain in lower-case ASCII, an international domain converted to its {@code xn--} labels by
     * IDNA 2003 (RFC 3490), and its local part in Unicode's form NFC, folded as asked.
     *
     * @param text an address alone: no display name, angle brackets, comments, quoted local part, {@code mailto:}, white
     *     space or address literal; a domain of at least two labels
     * @param fold spellings of the local part that count as one; may be empty
     * @return up to 254 bytes of UTF-8; null for anything else
     */
    public static @Nullable String canonical(String text, Set<EmailFold> fold) {
        int at = text.lastIndexOf('@');
        if (at < 1 || text.length() > MAX_BYTES) {
            return null;
        }
        String domain = domain(text.substring(at + 1));
        String local = local(text.substring(0, at), fold);
        if (domain == null || local == null) {
            return null;
        }
        return utf8Length(local) + 1 + domain.length() > MAX_BYTES ? null : local + "@" + domain;
    }

    private static @Nullable String local(String given, Set<EmailFold> fold) {
        String local = Normalizer.normalize(given, Normalizer.Form.NFC);
        if (!isLocal(local)) {
            return null;
        }
        String folded = folded(local, fold);
        return utf8Length(folded) > MAX_LOCAL_BYTES ? null : folded;
    }

    private static boolean isLocal(String text) {
        return LOCAL.matcher(text).matches();
    }

    private static String folded(String local, Set<EmailFold> fold) {
        String folded = fold.contains(EmailFold.DOTS) ? local.replace(".", "") : local;
        if (fold.contains(EmailFold.PLUS_TAG)) {
            folded = withoutTag(folded);
        }
        return fold.contains(EmailFold.CASE) ? lower(folded) : folded;
    }

    /** What stands before the first plus; all of it if that is not a local part, as in {@code +ann}. */
    private static String withoutTag(String local) {
        String untagged = local.substring(0, Math.max(0, local.indexOf('+')));
        return isLocal(untagged) ? untagged : local;
    }

    private static String lower(String local) {
        return Normalizer.normalize(local.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    private static @Nullable String domain(String given) {
        String ascii = isAscii(given) ? given.toLowerCase(Locale.ROOT) : asciiDomain(given);
        return ascii != null && DOMAIN.matcher(ascii).matches() ? ascii : null;
    }

    private static @Nullable String asciiDomain(String given) {
        if (DISPUTED.matcher(given).find()) {
            return null;
        }
        try {
            return IDN.toASCII(given, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notADomain) {
            return null;
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 0x80);
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
