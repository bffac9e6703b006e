package dev.sluice.draft;

/**
 * A field that a draft leaves out.
 *
 * @param where the field's path, or the object's that holds it if its own name may be personal data
 * @param why in words
 */
public record Omission(String where, String why) {}
