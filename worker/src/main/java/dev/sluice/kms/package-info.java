/**
 * AWS KMS, as far as a keyset file needs it: one key that wraps and unwraps the file's data key, bound to the pipeline.
 * Neighbours: {@code keys}, whose {@link dev.sluice.keys.KeyEncryption} it implements. The AWS SDK is seen here and leaves
 * by no signature; keysets, queue and database must never be seen here.
 */
@NullMarked
package dev.sluice.kms;

import org.jspecify.annotations.NullMarked;
