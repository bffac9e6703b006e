package dev.sluice.recovery.bruteforce;

import dev.sluice.encoding.Digests;
import dev.sluice.mask.Mask;
import dev.sluice.recovery.rewrap.Replacement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces a SHA-256 in hex, of either case, by the token of the text that was found for it. */
final class HashReplacement implements Replacement {

    private static final String HEX = "^[0-9A-Fa-f]{64}$";
    private static final Pattern PATTERN = Pattern.compile(HEX);

    private final String column;
    private final Mask mask;
    private final CandidateSpace space;
    private final HashIndex index;

    /** @param index after a search of all of {@code space} */
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
        return isHash(text);
    }

    @Override
    public @Nullable NewValue replace(String stored) {
        if (!PATTERN.matcher(stored).matches()) {
            return null;
        }
        byte[] hash = HexFormat.of().parseHex(stored);
        for (long position : index.positions(HashIndex.key(hash))) {
            String clear = space.text(position);
            byte[] proof = Digests.sha256(clear.getBytes(StandardCharsets.US_ASCII));
            String token = MessageDigest.isEqual(proof, hash) ? mask.mask(clear) : null;
            if (token != null) {
                return new NewValue.Masked(token);
            }
        }
        return new NewValue.Kept("not a hash of " + space.label());
    }

    /** The SQL condition for what looks like such a hash. */
    static String isHash(String text) {
        return text + " ~ '" + HEX + "'";
    }
}
