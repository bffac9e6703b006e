package dev.sluice.recovery.bruteforce;

import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.CanonicalForm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All texts of one form, numbered from 0: few enough to try each. Immutable, thread-safe. */
public sealed interface CandidateSpace {

    /** Bytes that {@link #write} may touch: the longest text, {@code 255.255.255.255}, and one, as it writes four at a time. */
    int ROOM = 16;

    /** Four characters at a time: one by one, writing a text costs a quarter of hashing it. */
    VarHandle FOUR_BYTES = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The name in options and listings. */
    String label();

    /** How many texts there are, up to 2^32. */
    long size();

    /**
     * Writes a text's ASCII to the start of an array; what follows it is undefined.
     *
     * @param position from 0, below {@link #size}
     * @param target of at least {@link #ROOM} bytes
     * @return the text's length
     */
    int write(long position, byte[] target);

    /** The text itself. */
    default String text(long position) {
        byte[] bytes = new byte[ROOM];
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

        /** Each octet's digits and a dot. */
        private static final int[] OCTETS = packed(256, "%d.");

        @Override
        public String label() {
            return "ipv4";
        }

        @Override
        public int write(long position, byte[] target) {
            int address = (int) (first + position);
            int length = append(address >>> 24, 0, target);
            length = append((address >>> 16) & 0xff, length, target);
            length = append((address >>> 8) & 0xff, length, target);
            return append(address & 0xff, length, target) - 1;
        }

        private static int append(int octet, int length, byte[] target) {
            FOUR_BYTES.set(target, length, OCTETS[octet]);
            return length + (octet < 10 ? 2 : octet < 100 ? 3 : 4);
        }
    }

    /** Nine digits in groups of three, two and four. */
    record DigitGroups() implements CandidateSpace {

        private static final int[] TRIPLES = packed(1_000, "%03d");

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
            int middle = TRIPLES[number / 1_000 % 1_000];
            FOUR_BYTES.set(target, 0, TRIPLES[number / 1_000_000] | '-' << 24);
            FOUR_BYTES.set(target, 4, (middle & 0xffff) | '-' << 16 | (middle & 0xff0000) << 8);
            FOUR_BYTES.set(target, 8, TRIPLES[number % 1_000]);
            return 11;
        }
    }

    /** ASCII of up to four characters each, the first one in the lowest byte. */
    private static int[] packed(int count, String format) {
        return IntStream.range(0, count)
                .map(number -> {
                    byte[] text = String.format(Locale.ROOT, format, number).getBytes(StandardCharsets.US_ASCII);
                    return (int) FOUR_BYTES.get(Arrays.copyOf(text, Integer.BYTES), 0);
                })
                .toArray();
    }
}
