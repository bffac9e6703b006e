/**
 * Keysets: one per masked field and one that seals quarantined originals, in a file of mode 0600 or encrypted
 * with a KMS key; and the life cycle of their keys, from added to destroyed. Key material stays in Tink's types and
 * leaves this package only as a primitive that uses it.
 */
@NullMarked
package dev.sluice.keys;

import org.jspecify.annotations.NullMarked;
