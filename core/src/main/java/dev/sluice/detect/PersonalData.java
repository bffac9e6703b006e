package dev.sluice.detect;

import dev.sluice.encoding.Labelled;
import dev.sluice.mask.EmailAddress;
import dev.sluice.mask.IpAddress;
import dev.sluice.mask.MacAddress;
import dev.sluice.mask.PhoneNumber;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Kinds of personal data that a text can be recognised as. A form proves little about one text, so a column is only
 * reported above a share and a number of its values, which depend on how often other data has the form by chance.
 */
public enum PersonalData implements Labelled {
    /** Almost nothing else has an at sign and a domain behind it. */
    EMAIL("e-mail addresses", 1, 10) {
        @Override
        public boolean matches(String text) {
            return EmailAddress.canonical(text, Set.of()) != null;
        }
    },
    /** IPv6, and IPv4 that is unlikely to be a version. */
    IP("IP addresses", 3, 30) {
        @Override
        public boolean matches(String text) {
            return IpAddress.canonical(text) != null && (text.indexOf(':') >= 0 || !looksLikeAVersion(text));
        }
    },
    /** With separators only: 12 or 16 bare digits are too common. */
    MAC("MAC addresses", 3, 30) {
        @Override
        public boolean matches(String text) {
            return SEPARATED_MAC.matcher(text).matches() && MacAddress.canonical(text) != null;
        }
    },
    /** One of ten numbers passes the check digit; half of a column's values and at least five do not by chance. */
    CARD("card numbers", 5, 50) {
        @Override
        public boolean matches(String text) {
            return Numbers.isCard(text);
        }
    },
    /** One of a hundred texts of the shape has right check digits by chance. */
    IBAN("IBANs", 2, 20) {
        @Override
        public boolean matches(String text) {
            return Numbers.isIban(text);
        }
    },
    /** With a country code and its plus, or as North America groups it; bare digits are too common. */
    PHONE("phone numbers", 3, 30) {
        @Override
        public boolean matches(String text) {
            String region = GROUPED_PHONE.matcher(text).matches() ? "US" : null;
            String number = region != null || text.startsWith("+") ? PhoneNumber.canonical(text, region) : null;
            return number != null && PhoneNumber.isAssigned(number);
        }
    };

    private static final Pattern SEPARATED_MAC = Pattern.compile(
            "[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}(([:-][0-9A-Fa-f]{2}){2})?|[0-9A-Fa-f]{4}(\\.[0-9A-Fa-f]{4}){2}");

    private static final Pattern GROUPED_PHONE =
            Pattern.compile("(\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[-. ])[0-9]{3}[-. ][0-9]{4}");

    /** Versions begin with small numbers: seven of eight addresses have a first octet from here on. */
    private static final int MAX_VERSION_PART = 32;

    private final String plural;
    private final int minimum;
    private final int percent;

    PersonalData(String plural, int minimum, int percent) {
        this.plural = plural;
        this.minimum = minimum;
        this.percent = percent;
    }

    /** Whether the whole text has the form; surrounding white space counts. */
    public abstract boolean matches(String text);

    /** The kind in words, for several: {@code e-mail addresses}. */
    public String plural() {
        return plural;
    }

    /** The least number of matching values of which a column is reported. */
    public int minimum() {
        return minimum;
    }

    /** The least share of matching values of which a column is reported, in percent of all. */
    public int percent() {
        return percent;
    }

    /** Whether so many of a column's values are too many for chance. */
    boolean isEvident(long matching, long values) {
        return matching >= minimum && matching * 100 >= values * percent;
    }

    /** {@code 1.2.3.4}, {@code 10.0.19.2041} and their like: a small first part, and at most one large one behind it. */
    private static boolean looksLikeAVersion(String ipv4) {
        int large = 0;
        String[] parts = ipv4.split("\\.", -1);
        for (String part : parts) {
            large += Integer.parseInt(part) >= MAX_VERSION_PART ? 1 : 0;
        }
        return large < 2 && Integer.parseInt(parts[0]) < MAX_VERSION_PART;
    }
}
