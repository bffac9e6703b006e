/** Tests of what holds for all packages. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
