package dev.sluice.yaml;

/** Where something stands in a file; line and column count from 1, as editors do. */
public record Location(int line, int column) {}
