package dev.sluice.yaml;

/**
 * A plain value as written in the file.
 *
 * @param text the value's text, without quotes
 * @param isText whether it is a string by YAML's core schema: quoted, or of no other type
 * @param place its position
 */
public record YamlScalar(String text, boolean isText, Location place) {}
