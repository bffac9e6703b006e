/**
 * The command line. {@code Sluice} registers the commands, which live in one package per family; all of them build on
 * {@code cli.command}. These packages are the only ones that print, and nothing depends on them except {@code Main}.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
