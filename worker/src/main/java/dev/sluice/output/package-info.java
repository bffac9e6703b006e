/**
 * How answers are written, to people and to programs: JSON on one line, stored texts as the values they stand for, and text
 * that cannot control a terminal. Used by the command line and by the console. Sees nothing else of ours.
 */
@NullMarked
package dev.sluice.output;

import org.jspecify.annotations.NullMarked;
