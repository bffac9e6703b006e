/** Tests of the settings: what wins over what, and what is refused. */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
