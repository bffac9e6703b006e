/**
 * Keysets: one per masked field and one that seals quarantined originals, in a file of mode 0600 or encrypted
 * by a key of a KMS; and the life of their keys, from added to destroyed. Key material is held
 * in Tink's types and never leaves this package but as a primitive that uses it.
 */
@NullMarked
package dev.sluice.keys;

import org.jspecify.annotations.NullMarked;
