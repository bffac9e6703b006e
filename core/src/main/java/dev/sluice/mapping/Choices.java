package dev.sluice.mapping;

import dev.sluice.yaml.YamlMap;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads an enum's constant by its name in a file: lower case, hyphens for underscores. */
final class Choices {

    private Choices() {}

    /** The constant that {@code key} names, {@code fallback} when the key is absent; anything else is a problem. */
    static <E extends Enum<E>> E of(YamlMap map, String key, E[] constants, E fallback) {
        E chosen = orNull(map, key, constants);
        return chosen == null ? fallback : chosen;
    }

    /** The constant that {@code key} names, null when the key is absent; anything else is a problem. */
    static <E extends Enum<E>> @Nullable E orNull(YamlMap map, String key, E[] constants) {
        String text = map.text(key);
        if (text == null) {
            return null;
        }
        for (E constant : constants) {
            if (label(constant).equals(text)) {
                return constant;
            }
        }
        map.problem(
                key, "one of " + Arrays.stream(constants).map(Choices::label).toList() + " was expected");
        return null;
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
