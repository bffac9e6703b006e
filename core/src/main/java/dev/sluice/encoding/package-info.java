/** How names, texts and bytes are written, for every other package. Sees none of them. */
@NullMarked
package dev.sluice.encoding;

import org.jspecify.annotations.NullMarked;
