package dev.sluice.recovery.bruteforce;

import dev.sluice.mask.Mask;
import dev.sluice.recovery.rewrap.NewValue;
import dev.sluice.recovery.rewrap.NewValue.Fresh;
import dev.sluice.recovery.rewrap.NewValue.Kept;
import dev.sluice.recovery.rewrap.Replacement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Replaces a hash in hex, of either case, by the token of the text that was found for it. */
final class HashReplacement implements Replacement {

    private static final HashAlgorithm ALGORITHM = HashAlgorithm.SHA256;
    private static final String HEX = "^[0-9A-Fa-f]{64}$";
    private static final Pattern PATTERN = Pattern.compile(HEX);

    private final String column;
    private final Mask mask;
    private final CandidateSpace space;
    private final HashIndex index;

    /** @param index has been held against all of {@code space} */
    HashReplacement(String column, Mask mask, CandidateSpace space, HashIndex index) {
        this.column = column;
        this.mask = mask;
        this.space = space;
        this.index = index;
    }

    @Override
    public String column() {
        return column;
    }

    @Override
    public String condition(String text) {
        return hashes(text);
    }

    @Override
    public boolean concerns(String stored) {
        return isHash(stored);
    }

    @Override
    public NewValue renew(String stored) {
        byte[] hash = HexFormat.of().parseHex(stored);
        for (long position : index.positions(HashIndex.key(hash))) {
            String clear = space.text(position);
            byte[] proof = ALGORITHM.digest().digest(clear.getBytes(StandardCharsets.US_ASCII));
            String token = MessageDigest.isEqual(proof, hash) ? mask.mask(clear) : null;
            if (token != null) {
                return new Fresh(token);
            }
        }
        return new Kept("not a hash of " + space.label());
    }

    /** The SQL condition for what looks like such a hash. */
    static String hashes(String text) {
        return text + " ~ '" + HEX + "'";
    }

    static boolean isHash(String stored) {
        return PATTERN.matcher(stored).matches();
    }
}
