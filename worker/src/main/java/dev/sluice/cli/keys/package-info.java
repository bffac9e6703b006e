/** {@code sluice keys}: the keyset file and the life of its keys. */
@NullMarked
package dev.sluice.cli.keys;

import org.jspecify.annotations.NullMarked;
