package dev.sluice.detect;

import dev.sluice.mask.CardNumber;
import java.util.Locale;
import java.util.regex.Pattern;

/** Numbers with check digits. Stateless. */
final class Numbers {

    /**
     * Prefixes and lengths of the networks that issue nearly all cards: Visa, Mastercard, American Express, Diners Club,
     * Discover, JCB, UnionPay (ISO/IEC 7812-1 assigns them; the networks publish their ranges).
     */
    private static final Pattern CARD_NETWORK = Pattern.compile("4([0-9]{12}|[0-9]{15}|[0-9]{18})"
            + "|(5[1-5]|2[2-7])[0-9]{14}|3[47][0-9]{13}|3(0[0-5]|[689][0-9])[0-9]{11}"
            + "|(6011|64[4-9][0-9]|65[0-9]{2}|35[2-8][0-9])[0-9]{12}|62[0-9]{14,17}");

    /** ISO 13616-1: country, two check digits, up to 30 characters; the shortest in use has 15, Norway's. */
    private static final Pattern IBAN = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");

    private static final int LONGEST_GROUPED_IBAN = 42;
    private static final int MODULUS = 97;

    private Numbers() {}

    static boolean isCard(String text) {
        String digits = CardNumber.canonical(text);
        return digits != null && CARD_NETWORK.matcher(digits).matches();
    }

    /** ISO 7064, MOD 97-10: the first four characters moved to the end, letters as 10 to 35, leaves 1. */
    static boolean isIban(String text) {
        if (text.length() > LONGEST_GROUPED_IBAN) {
            return false;
        }
        String iban = text.replace(" ", "").toUpperCase(Locale.ROOT);
        if (!IBAN.matcher(iban).matches()) {
            return false;
        }
        int remainder = 0;
        for (char c : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
            int value = Character.digit(c, Character.MAX_RADIX);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % MODULUS;
        }
        return remainder == 1;
    }
}
