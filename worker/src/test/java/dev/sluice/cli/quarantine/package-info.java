/** Tests of the command line: what it reads and prints, and ({@code *IT}) the commands themselves. */
@NullMarked
package dev.sluice.cli.quarantine;

import org.jspecify.annotations.NullMarked;
