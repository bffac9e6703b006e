package dev.sluice.yaml;

/** A position in a file; line and column start at 1, as in editors. */
public record Location(int line, int column) {}
