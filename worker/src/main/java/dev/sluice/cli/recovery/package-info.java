/** The commands that recover, find, replace, assess and erase stored values, and the audit of them. */
@NullMarked
package dev.sluice.cli.recovery;

import org.jspecify.annotations.NullMarked;
