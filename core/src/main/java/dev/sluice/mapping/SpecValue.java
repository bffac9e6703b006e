package dev.sluice.mapping;

import dev.sluice.encoding.Labelled;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shape of the value of a {@link SpecKey}. Immutable. */
public sealed interface SpecValue {

    /** The shape in words, for reference tables and for problems: {@code .. was expected}. */
    String expected();

    /**
     * A plain value; YAML may read it as a number or a truth value, its text counts.
     *
     * @param expected the shape in words
     * @param pattern the whole text matches it, in the syntax that Java and JavaScript share; null for any text
     */
    record Text(String expected, @Nullable Pattern pattern) implements SpecValue {}

    /**
     * One of these words.
     *
     * @param words at least one
     */
    record Choice(List<String> words) implements SpecValue {

        /** Copies the words. */
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String expected() {
            return String.join(", ", words);
        }
    }

    /**
     * A list of some of these words; it may be empty.
     *
     * @param words at least one
     */
    record Choices(List<String> words) implements SpecValue {

        /** Copies the words. */
        public Choices {
            words = List.copyOf(words);
        }

        @Override
        public String expected() {
            return "list of " + String.join(", ", words);
        }
    }

    /** {@code true} or {@code false}. */
    record Flag() implements SpecValue {

        @Override
        public String expected() {
            return "true, false";
        }
    }

    /** A mapping whose keys are those of a section. */
    record Mapping(SpecSection section) implements SpecValue {

        @Override
        public String expected() {
            return "mapping";
        }
    }

    /** A mapping of names, each to a mapping whose keys are those of a section. In the file's order. */
    record Named(Pattern name, SpecSection section) implements SpecValue {

        @Override
        public String expected() {
            return "mapping of names";
        }
    }

    /** Any plain value. */
    static SpecValue text(String expected) {
        return new Text(expected, null);
    }

    /** A plain value whose whole text matches. */
    static SpecValue text(String expected, Pattern pattern) {
        return new Text(expected, pattern);
    }

    /** The label of one of these. */
    static SpecValue choice(Labelled[] constants) {
        return new Choice(labels(constants));
    }

    /** A list of labels of these. */
    static SpecValue choices(Labelled[] constants) {
        return new Choices(labels(constants));
    }

    private static List<String> labels(Labelled[] constants) {
        return Arrays.stream(constants).map(Labelled::label).toList();
    }
}
