package dev.sluice.mask;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Random addresses, with many zero groups as real ones have, and random spellings of them by RFC 4291, section 2.2. */
final class Spellings {

    private static final int GROUPS = 8;
    private static final String NOISE = "0123456789abcdefF.:::..";

    private Spellings() {}

    static byte[] address(Random random) {
        byte[] address = new byte[IpAddress.BYTES];
        random.nextBytes(address);
        for (int index = 0; index < address.length; index++) {
            // Runs of zero groups, and groups with leading zeros.
            if (random.nextInt(3) > 0) {
                address[index] = 0;
            }
        }
        if (random.nextInt(4) == 0) {
            Arrays.fill(address, 0, 10, (byte) 0);
            address[10] = (byte) 0xff;
            address[11] = (byte) 0xff;
        }
        return address;
    }

    static String of(byte[] address, Random random) {
        if (IpAddress.isV4(address) && random.nextBoolean()) {
            return v4(address);
        }
        boolean embedded = random.nextInt(3) == 0;
        int groups = embedded ? GROUPS - 2 : GROUPS;
        int gapStart = random.nextInt(groups);
        int gapEnd = gapStart;
        while (gapEnd < groups && group(address, gapEnd) == 0 && random.nextInt(8) > 0) {
            gapEnd++;
        }
        StringBuilder text = new StringBuilder();
        for (int group = 0; group < groups; group++) {
            if (group == gapStart && gapEnd > gapStart) {
                text.append(group == 0 ? "::" : ":");
                group = gapEnd - 1;
            } else {
                text.append(hex(group(address, group), random)).append(group == GROUPS - 1 ? "" : ":");
            }
        }
        return text + (embedded ? v4(address) : "");
    }

    static String noise(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(NOISE.charAt(random.nextInt(NOISE.length())));
        }
        return text.toString();
    }

    private static String hex(int group, Random random) {
        String shortest = Integer.toHexString(group);
        String padded = "0".repeat(random.nextInt(5 - shortest.length())) + shortest;
        return random.nextBoolean() ? padded.toUpperCase(Locale.ROOT) : padded;
    }

    private static String v4(byte[] address) {
        return (address[12] & 0xff) + "." + (address[13] & 0xff) + "." + (address[14] & 0xff) + "."
                + (address[15] & 0xff);
    }

    private static int group(byte[] address, int group) {
        return ((address[2 * group] & 0xff) << 8) | (address[2 * group + 1] & 0xff);
    }
}
