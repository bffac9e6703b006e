package dev.sluice.config;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The effective settings, each with where it came from: flag, then environment, then file, then default. Immutable.
 * Shows no secret.
 */
public final class Settings {

    private final Map<Setting, Value> values;
    private final Map<String, String> environment;

    Settings(Map<Setting, Value> values, Map<String, String> environment) {
        this.values = Collections.unmodifiableMap(new EnumMap<>(values));
        this.environment = Map.copyOf(environment);
    }

    /** The value's text; null when nothing sets it and there is no default. */
    public @Nullable String text(Setting setting) {
        Value value = values.get(setting);
        return value == null ? null : value.text();
    }

    /** The whole number within its bounds, proved when the settings were read. */
    public int number(Setting setting) {
        String text = text(setting);
        if (text == null) {
            throw new IllegalArgumentException(setting + " has no value");
        }
        return Integer.parseInt(text);
    }

    /** Whether the setting is {@code true}. */
    public boolean flag(Setting setting) {
        return "true".equals(text(setting));
    }

    /** The process's environment, for what is not ours to set, such as AWS's credentials. Holds secrets. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The value as it may be shown: secrets redacted; null when there is none. */
    public @Nullable String shown(Setting setting) {
        String text = text(setting);
        return text == null ? null : setting.isSecret() ? "(redacted)" : text;
    }

    /** Where the value came from, in words: {@code environment PGHOST}; null when there is none. */
    public @Nullable String origin(Setting setting) {
        Value value = values.get(setting);
        return value == null ? null : value.origin();
    }

    /** No values. */
    @Override
    public String toString() {
        return "Settings[" + values.keySet() + "]";
    }

    record Value(String text, String origin) {

        /** No value: it may be a secret. */
        @Override
        public String toString() {
            return "Value[" + origin + "]";
        }
    }
}
