package dev.sluice.encoding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An enum whose constants have a name in files, tables and output. */
public interface Labelled {

    /** The constant's name in Java. */
    String name();

    /** The constant's name in files, tables and output: lower case, hyphens. */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Finds a constant by its label.
     *
     * @param constants all of the enum
     * @return empty if none has this label
     */
    static <E extends Labelled> Optional<E> find(E[] constants, String label) {
        return Arrays.stream(constants)
                .filter(constant -> constant.label().equals(label))
                .findFirst();
    }
}
