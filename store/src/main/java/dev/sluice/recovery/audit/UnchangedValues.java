package dev.sluice.recovery.audit;

/**
 * Values of one column that stay for one reason.
 *
 * @param why small letters, digits, spaces and {@code , . / -}
 */
public record UnchangedValues(String column, String why, long values) {}
