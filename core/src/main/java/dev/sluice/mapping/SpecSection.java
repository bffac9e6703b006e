package dev.sluice.mapping;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A mapping of a pipeline file, with keys of its own. */
public enum SpecSection {
    ROOT(""),
    SOURCE("source."),
    SINK("sink."),
    KEYS("keys."),
    COLUMN("columns.<name>."),
    MASK("columns.<name>.mask."),
    TEST("tests[]."),
    EXPECT("tests[].expect."),
    MASKED_VALUE("tests[].expect.row.<column>.");

    private final String prefix;

    SpecSection(String prefix) {
        this.prefix = prefix;
    }

    /** What stands before a key in messages and tables: empty, or a path that ends in a dot. */
    String prefix() {
        return prefix;
    }

    /** The section's keys, in the order of their declaration. */
    public List<SpecKey> keys() {
        return Arrays.stream(SpecKey.values())
                .filter(key -> key.section() == this)
                .toList();
    }

    /** The names of the section's keys, for {@code YamlMap.allowOnly}. */
    Set<String> names() {
        return keys().stream().map(SpecKey::key).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
