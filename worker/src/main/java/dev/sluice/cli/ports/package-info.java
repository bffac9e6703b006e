/** The worker's ports on the command line: opened for a run, asked by {@code sluice health}, tokens made for the console. */
@NullMarked
package dev.sluice.cli.ports;

import org.jspecify.annotations.NullMarked;
