package dev.sluice.kms;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of a KMS key. Aliases and bare ids are refused: an alias can be pointed at another key, and a bare id leaves
 * account and region to the credentials.
 *
 * @param text as AWS writes it
 * @param region where the key is
 */
record KeyArn(String text, String region) {

    /** KMS developer guide, "Key identifiers"; multi-region keys have the prefix {@code mrk-}. */
    private static final Pattern FORM =
            Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]{1,32}):[0-9]{12}:key/[A-Za-z0-9-]{1,64}");

    static KeyArn parse(String text) {
        Matcher arn = FORM.matcher(text);
        if (!arn.matches()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "Expected the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>, in SLUICE_KMS_KEY, --kms-key"
                            + " or kms-key of the keyset file.");
        }
        return new KeyArn(text, arn.group(1));
    }
}
