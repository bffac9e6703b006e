package dev.sluice.mapping;

/**
 * A field that would be stored with less protection.
 *
 * @param field its JSON pointer, or {@code attribute:<name>}
 * @param added whether it was not stored at all before, so that storing it may be intended
 * @param before the mask that it had, or {@code not stored}
 * @param after the mask that it would have, or {@code none}
 */
public record Weakening(String field, boolean added, String before, String after) {}
