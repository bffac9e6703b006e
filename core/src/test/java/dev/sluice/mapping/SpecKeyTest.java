package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecKeyTest {

    private static final String PIPELINE =
            """
            pipeline: p
            source: { queue: q }
            sink: { table: t }
            columns:
              c: { from: f, type: varchar(99), mask: { kind: redact } }
            tests:
            - { name: one, input: {}, expect: { row: { c: { same-as: two } } } }
            - { name: two, input: {}, expect: { row: {} } }
            """;

    @Test
    void pathsAreUnique() {
        assertThat(Arrays.stream(SpecKey.values()).map(SpecKey::path)).doesNotHaveDuplicates();
    }

    /** The default in words is what the reader applies. */
    @ParameterizedTest
    @EnumSource(SpecKey.class)
    void sayingTheDefaultChangesNothing(SpecKey key) {
        String fallback = key.fallback();
        if (fallback == null || key == SpecKey.IDEMPOTENCY_WINDOW) {
            return;
        }
        String line = key.key() + ": \"" + fallback + "\"";
        String said =
                switch (key.section()) {
                    case ROOT -> PIPELINE + line + "\n";
                    case SOURCE -> PIPELINE.replace("queue: q", "queue: q, " + line);
                    case KEYS -> PIPELINE + "keys: { by: /tenant, " + line + " }\n";
                    case SINK -> PIPELINE.replace("table: t", "table: t, " + line);
                    case COLUMN -> PIPELINE.replace("from: f", "from: f, " + line);
                    case MASK -> PIPELINE.replace("kind: redact", "kind: redact, " + line);
                    case TEST -> PIPELINE.replace("name: one", "name: one, " + line);
                    case EXPECT -> PIPELINE.replace("expect: {", "expect: { " + line + ", ");
                    case MASKED_VALUE -> PIPELINE.replace("same-as: two", "same-as: two, " + line);
                };

        assertThat(SpecReader.readTested("x", said, Map.of()))
                .usingRecursiveComparison()
                .ignoringFields("spec.version")
                .isEqualTo(SpecReader.readTested("x", PIPELINE, Map.of()));
    }
}
