/** Tests of how parts are put together, without any server. */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
