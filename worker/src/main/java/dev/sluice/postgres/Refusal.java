package dev.sluice.postgres;

import org.jspecify.annotations.Nullable;

/**
 * Why the database will not take a row: names of the schema and a code, no value.
 *
 * @param sqlState five characters
 * @param constraint the constraint or index that it violates, or the name a trigger gave; null when the server names none
 * @param column null when the server names none
 * @param line at which row of the COPY the server was, from 1; 0 when it does not say
 */
record Refusal(String sqlState, @Nullable String constraint, @Nullable String column, int line) {}
