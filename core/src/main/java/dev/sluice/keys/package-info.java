/**
 * Keysets: one per masked field and one that seals quarantined originals, in a file of mode 0600. Key material is held
 * in Tink's types and never leaves this package but as a primitive that uses it.
 */
@NullMarked
package dev.sluice.keys;

import org.jspecify.annotations.NullMarked;
