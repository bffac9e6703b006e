package dev.sluice.recovery.bruteforce;

import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All texts of one form, numbered from 0: few enough to try each. Immutable, thread-safe. */
public sealed interface CandidateSpace {

    /** The longest text of any space: {@code 255.255.255.255}. */
    int MAX_LENGTH = 15;

    /** The name in options and listings. */
    String label();

    /** How many texts there are, up to 2^32. */
    long size();

    /**
     * Writes a text's ASCII to the start of an array.
     *
     * @param position from 0, below {@link #size}
     * @return its length
     */
    int write(long position, byte[] target);

    /** The text itself. */
    default String text(long position) {
        byte[] bytes = new byte[MAX_LENGTH];
        return new String(bytes, 0, write(position, bytes), StandardCharsets.US_ASCII);
    }

    /** Whether there is a space for values of a form: addresses, or texts, which may be numbers. */
    static boolean covers(CanonicalForm form) {
        return switch (form) {
            case TEXT, IP -> true;
            case EMAIL, PHONE, MAC, CARD -> false;
        };
    }

    /**
     * The candidates for a column's values.
     *
     * @param column with a mask whose form a space {@link #covers}
     * @param label the space's label; null to choose by the mask's form
     * @param network a part of IPv4 in CIDR; null for all of it
     * @throws IllegalArgumentException if there is no such space or network
     */
    static CandidateSpace of(Column column, @Nullable String label, @Nullable String network) {
        boolean addresses = label == null
                ? Objects.requireNonNull(column.mask()).form() == CanonicalForm.IP
                : label.equals(ipv4().label());
        if (addresses) {
            return network == null ? ipv4() : network(network).orElseThrow(IllegalArgumentException::new);
        }
        if (label != null && (network != null || !label.equals(numbers().label()))) {
            throw new IllegalArgumentException();
        }
        return numbers();
    }

    /** All IPv4 addresses, as four decimal octets. */
    static CandidateSpace ipv4() {
        return new Addresses(0, 1L << 32);
    }

    /** All numbers {@code ddd-dd-dddd}. */
    static CandidateSpace numbers() {
        return new DigitGroups();
    }

    /**
     * The addresses of a network, including the first and the last.
     *
     * @param cidr as {@code 198.51.100.0/24}, no bit set after the prefix
     * @return empty if it is not such a network
     */
    static Optional<CandidateSpace> network(String cidr) {
        Matcher matcher = Addresses.CIDR.matcher(cidr);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = 0;
        for (int octet = 1; octet <= 4; octet++) {
            first = (first << 8) | Integer.parseInt(matcher.group(octet));
        }
        int prefix = Integer.parseInt(matcher.group(5));
        long size = 1L << (32 - prefix);
        return first % size == 0 ? Optional.of(new Addresses(first, size)) : Optional.empty();
    }

    /**
     * IPv4 addresses in their order.
     *
     * @param first the first one, as a number
     * @param size how many
     */
    record Addresses(long first, long size) implements CandidateSpace {

        private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

        static final Pattern CIDR =
                Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET + "/([1-2]?[0-9]|3[0-2])");

        private static final byte[][] OCTETS = texts(256, "%d");

        @Override
        public String label() {
            return "ipv4";
        }

        @Override
        public int write(long position, byte[] target) {
            int address = (int) (first + position);
            int at = 0;
            for (int shift = 24; shift >= 0; shift -= 8) {
                for (byte digit : OCTETS[(address >>> shift) & 0xff]) {
                    target[at++] = digit;
                }
                if (shift > 0) {
                    target[at++] = '.';
                }
            }
            return at;
        }
    }

    /** Nine digits in groups of three, two and four. */
    record DigitGroups() implements CandidateSpace {

        private static final byte[][] FOURS = texts(10_000, "%04d");

        @Override
        public String label() {
            return "ddd-dd-dddd";
        }

        @Override
        public long size() {
            return 1_000_000_000;
        }

        @Override
        public int write(long position, byte[] target) {
            int number = (int) position;
            System.arraycopy(FOURS[number / 1_000_000], 1, target, 0, 3);
            target[3] = '-';
            System.arraycopy(FOURS[number / 10_000 % 100], 2, target, 4, 2);
            target[6] = '-';
            System.arraycopy(FOURS[number % 10_000], 0, target, 7, 4);
            return 11;
        }
    }

    private static byte[][] texts(int count, String format) {
        byte[][] texts = new byte[count][];
        for (int i = 0; i < count; i++) {
            texts[i] = String.format(Locale.ROOT, format, i).getBytes(StandardCharsets.US_ASCII);
        }
        return texts;
    }
}
