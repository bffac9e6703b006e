/** {@code sluice quarantine}: records that could not become rows. */
@NullMarked
package dev.sluice.cli.quarantine;

import org.jspecify.annotations.NullMarked;
