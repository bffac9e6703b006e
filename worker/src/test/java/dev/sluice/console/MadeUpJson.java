package dev.sluice.console;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes documents by hand. */
final class MadeUpJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private MadeUpJson() {}

    /** @param keysAndValues in turn */
    static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return object;
    }

    static String text(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    static Map<?, ?> read(byte[] document) {
        return MAPPER.readValue(document, Map.class);
    }
}
