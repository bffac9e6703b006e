/**
 * AWS KMS, as far as a keyset file needs it: a key that wraps and unwraps the file's data key, bound to the pipeline.
 * Implements {@link dev.sluice.keys.KeyEncryption} over {@code aws}. No signature shows a type of the AWS SDK. Must never
 * see keysets, queue or database.
 */
@NullMarked
package dev.sluice.kms;

import org.jspecify.annotations.NullMarked;
