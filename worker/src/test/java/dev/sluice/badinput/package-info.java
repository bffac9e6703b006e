/** Bad input: a corpus, and what drives it through the mapper, the command line and a fuzzer. */
@NullMarked
package dev.sluice.badinput;

import org.jspecify.annotations.NullMarked;
