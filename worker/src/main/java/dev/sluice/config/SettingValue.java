package dev.sluice.config;

import java.util.List;

/** What a setting is set to, and by what. Immutable. */
record SettingValue(String text, String origin) {

    /** Notes it when the text is blank or does not have the declared shape. */
    void check(Setting setting, List<String> problems) {
        if (text.isBlank()) {
            problems.add(problem(setting, "a value was expected; leave it out for the default"));
        } else if (!setting.type().fits().test(text)) {
            problems.add(problem(setting, setting.type().expected()));
        }
    }

    /** A sentence with the setting's key and origin, without the text. */
    String problem(Setting setting, String expected) {
        return setting.key() + " (" + origin + "): " + expected + ".";
    }

    /** No value: it may be a secret. */
    @Override
    public String toString() {
        return "SettingValue[" + origin + "]";
    }
}
