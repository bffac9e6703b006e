/** {@code sluice backfill}. */
@NullMarked
package dev.sluice.cli.bulk;

import org.jspecify.annotations.NullMarked;
