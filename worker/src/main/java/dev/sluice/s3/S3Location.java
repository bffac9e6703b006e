package dev.sluice.s3;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in S3.
 *
 * @param key of an object, or the begin of several objects' keys; may be empty
 */
record S3Location(String bucket, String key) {

    static final String SCHEME = "s3://";

    /** Bucket naming rules of the S3 user guide; access point ARNs are no part of a URI. */
    private static final Pattern URI =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?", Pattern.DOTALL);

    /** @throws InfrastructureException CONFIG when it is not {@code s3://bucket/key} */
    static S3Location parse(String text) {
        Matcher matcher = URI.matcher(text);
        if (!matcher.matches()) {
            throw new InfrastructureException(Kind.CONFIG, "s3://bucket/key was expected, with the name of a bucket");
        }
        return new S3Location(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
    }

    S3Location withKey(String other) {
        return new S3Location(bucket, other);
    }

    /** {@code s3://bucket/key}. */
    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
