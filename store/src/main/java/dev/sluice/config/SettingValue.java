package dev.sluice.config;

import java.util.List;
import java.util.Optional;

/**
 * What a setting is set to, and by what. Immutable.
 *
 * @param position {@code :line:column} of the value in the settings file; empty for other origins
 */
record SettingValue(String text, String origin, String position) {

    /** One that is not in a file. */
    SettingValue(String text, String origin) {
        this(text, origin, "");
    }

    /** Whether nothing sets it. */
    boolean isDefault() {
        return origin.equals("default");
    }

    /** The secret of AWS that the text names. */
    Optional<SecretArn> arn() {
        return SecretArn.parse(text);
    }

    /** The same setting, with the text of the secret that it names. */
    SettingValue resolved(String secret) {
        return new SettingValue(secret, origin, position);
    }

    /** Notes it when the text is blank or does not have the declared shape. */
    void check(Setting setting, List<String> problems) {
        if (text.isBlank()) {
            problems.add(problem(setting, "a value was expected; leave it out for the default"));
        } else if (setting.isSecret() && SecretArn.isMeantBy(text)) {
            if (arn().isEmpty()) {
                problems.add(problem(setting, SecretArn.EXPECTED));
            }
        } else if (!setting.type().fits().test(text)) {
            problems.add(problem(setting, setting.type().expected()));
        }
    }

    /** A sentence with the setting's key and origin, without the text. */
    String problem(Setting setting, String expected) {
        return setting.key() + " (" + origin + position + "): " + expected + ".";
    }

    /** No value: it may be a secret. */
    @Override
    public String toString() {
        return "SettingValue[" + origin + "]";
    }
}
