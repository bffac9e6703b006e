/**
 * What all commands share: the program as they see it, options and prompts, and the ways to print: tables, JSON lines,
 * progress, exit codes. Depends on no command.
 */
@NullMarked
package dev.sluice.cli.command;

import org.jspecify.annotations.NullMarked;
