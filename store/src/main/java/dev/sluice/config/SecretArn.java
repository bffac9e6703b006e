package dev.sluice.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a secret that AWS keeps, in place of the secret: {@code arn:aws:secretsmanager:..:secret:NAME} or {@code
 * arn:aws:ssm:..:parameter/NAME}, each with {@code #KEY} for one member of a JSON object. Immutable; holds no secret.
 *
 * @param service which service keeps it
 * @param region where the service is called
 * @param name the ARN, without the key
 * @param jsonKey the member of the JSON object that is the secret; null when the whole text is
 */
public record SecretArn(Service service, String region, String name, @Nullable String jsonKey) {

    /** What an ARN must look like, to follow "was expected". */
    static final String EXPECTED =
            "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME, each with"
                    + " #KEY for one member of a JSON object, was expected";

    /** No password or URL starts like this by accident, so a misspelt ARN is never sent to a server as a password. */
    private static final Pattern BEGIN = Pattern.compile("arn:aws[a-z-]*:.*", Pattern.DOTALL);

    /** Secrets Manager API reference, CreateSecret; Systems Manager API reference, PutParameter and GetParameter. */
    private static final Pattern ARN =
            Pattern.compile("(?<arn>arn:aws[a-z-]*:(?:secretsmanager:(?<secretRegion>[a-z0-9-]{1,32}):[0-9]{12}:secret:"
                    + "[A-Za-z0-9/_+=.@-]{1,519}|ssm:(?<parameterRegion>[a-z0-9-]{1,32}):[0-9]{12}:parameter/"
                    + "[A-Za-z0-9/_.-]{1,1011}(?::[A-Za-z0-9_.-]{1,100})?))(?:#(?<key>[^#\\s]{1,256}))?");

    /** The services that keep secrets. */
    public enum Service {
        /** AWS Secrets Manager. */
        SECRETS_MANAGER,
        /** Parameter Store, a part of AWS Systems Manager. */
        PARAMETER_STORE
    }

    /** Whether a text means a secret that AWS keeps, well-formed or not. */
    static boolean isMeantBy(String text) {
        return BEGIN.matcher(text).matches();
    }

    /** The name in a text; empty when it does not have the shape. */
    public static Optional<SecretArn> parse(String text) {
        Matcher arn = ARN.matcher(text);
        if (!arn.matches()) {
            return Optional.empty();
        }
        String region = arn.group("secretRegion");
        return Optional.of(
                region != null
                        ? new SecretArn(Service.SECRETS_MANAGER, region, arn.group("arn"), arn.group("key"))
                        : new SecretArn(
                                Service.PARAMETER_STORE,
                                arn.group("parameterRegion"),
                                arn.group("arn"),
                                arn.group("key")));
    }

    /** As it is written in a setting. */
    @Override
    public String toString() {
        return jsonKey == null ? name : name + "#" + jsonKey;
    }
}
