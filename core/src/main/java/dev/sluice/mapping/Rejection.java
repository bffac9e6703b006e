package dev.sluice.mapping;

import org.jspecify.annotations.Nullable;

/**
 * Why a record was rejected. Contains no value of the record, so that it may be logged, counted and stored.
 *
 * @param reason why
 * @param column the column of the pipeline that could not be filled; null if the record as a whole was rejected
 * @param original the record, sealed on demand for the quarantine
 */
public record Rejection(Reason reason, @Nullable String column, Original original) implements Outcome {}
