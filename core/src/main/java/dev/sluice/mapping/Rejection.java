package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Why a record became no row. Bears no value of the record, so that it may be logged, counted and stored.
 *
 * @param reason why
 * @param column the column of the pipeline that could not be filled; null when the record as a whole was at fault
 * @param original the record, sealed on demand for the quarantine
 */
public record Rejection(Reason reason, @Nullable String column, Original original) implements Outcome {}
