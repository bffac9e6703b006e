/**
 * What the ways to SQS and to KMS have in common: where they may lead without TLS. Sees neither of them, and no other
 * package but {@code pipeline} for the exception.
 */
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
