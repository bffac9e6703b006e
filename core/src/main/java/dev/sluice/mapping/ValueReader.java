package dev.sluice.mapping;

import tools.jackson.core.JsonParser;

/** Converts the JSON value at the parser's position to a column's value. Compiled once per column; thread-safe. */
@FunctionalInterface
interface ValueReader {

    /**
     * @param parser on the first token of a value that is not {@code null}; left there, except by a reader of whole
     *     values ({@link CompiledColumn#wholeValue()}), which leaves it on the value's last token
     * @return the column's value, or the {@link Reason} why there is none
     */
    Object read(JsonParser parser);
}
