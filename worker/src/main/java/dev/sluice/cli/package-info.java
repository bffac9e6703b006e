/**
 * The command line: one class per command, and what they share to read options and to print. Sees {@code app} and what
 * it puts together; nothing depends on it but {@code Main}. The only package that prints.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
