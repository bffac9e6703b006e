package dev.sluice.mapping;

import dev.sluice.mapping.PipelineSpec.Column;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that a pipeline file contains, in any spelling: case, underscores and hyphens do not count, so that
 * {@code deviceType} is a spelling of {@code device_type}. Looks names up without allocating. Immutable.
 */
final class Vocabulary {

    /** By the low bits of the hash. */
    private final @Nullable String[][] words;

    private Vocabulary(List<String> names) {
        this.words = new @Nullable String[Integer.highestOneBit(names.size() + 1) * 2][];
        for (String name : names) {
            int place = hash(name) & (words.length - 1);
            List<String> there = new ArrayList<>(words[place] == null ? List.of() : List.of(words[place]));
            there.add(name);
            words[place] = there.toArray(String[]::new);
        }
    }

    static Vocabulary of(PipelineSpec spec) {
        List<String> names = new ArrayList<>();
        for (Column column : spec.columns()) {
            names.add(column.name());
            names.addAll(column.from() == null ? List.of() : column.from());
            Collections.addAll(names, column.fromAttribute() == null ? column.name() : column.fromAttribute());
        }
        if (spec.source().idempotencyKey() instanceof IdempotencyKey.Field field) {
            names.addAll(field.path());
        }
        return new Vocabulary(names);
    }

    boolean contains(String name) {
        @Nullable String[] candidates = words[hash(name) & (words.length - 1)];
        if (candidates != null) {
            for (String word : candidates) {
                if (word != null && same(word, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether two names are spellings of one. */
    static boolean same(String one, String other) {
        int i = 0;
        int j = 0;
        while (true) {
            while (i < one.length() && isIgnored(one.charAt(i))) {
                i++;
            }
            while (j < other.length() && isIgnored(other.charAt(j))) {
                j++;
            }
            if (i == one.length() || j == other.length()) {
                return i == one.length() && j == other.length();
            }
            if (folded(one.charAt(i++)) != folded(other.charAt(j++))) {
                return false;
            }
        }
    }

    private static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            if (!isIgnored(name.charAt(i))) {
                hash = 31 * hash + folded(name.charAt(i));
            }
        }
        return hash ^ hash >>> 16;
    }

    private static boolean isIgnored(char c) {
        return c == '_' || c == '-';
    }

    private static char folded(char c) {
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}
