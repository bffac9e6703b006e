package dev.sluice.mask;

import java.nio.charset.StandardCharsets;

/**
 * A masked column of a pipeline. Its keyset and each of its tokens are bound to it.
 *
 * @param pipeline the pipeline's name, without a dot, so that the first dot of a field's name ends it
 * @param column the column's name
 */
record Field(String pipeline, String column) {

    /** To be changed whenever tokens of one key are made differently: padding, encoding, algorithm. */
    private static final String TOKEN_VERSION = "v1";

    Field {
        if (pipeline.isEmpty() || pipeline.indexOf('.') >= 0 || column.isEmpty()) {
            throw new IllegalArgumentException("a masked column needs a name, and its pipeline a name without a dot");
        }
    }

    /** The keyset's name in the keyset file. */
    String name() {
        return pipeline + "." + column;
    }

    /**
     * {@code <pipeline>.<column>|<form>|v1} in UTF-8: a token moved to another field or form fails authentication.
     */
    byte[] associatedData(CanonicalForm form) {
        return (name() + "|" + form.label() + "|" + TOKEN_VERSION).getBytes(StandardCharsets.UTF_8);
    }
}
