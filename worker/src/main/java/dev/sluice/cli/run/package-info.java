/** The commands around a run: check what it needs, fill the queue, run, look at the table. */
@NullMarked
package dev.sluice.cli.run;

import org.jspecify.annotations.NullMarked;
