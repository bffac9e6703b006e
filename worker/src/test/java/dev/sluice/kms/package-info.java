/** KMS, tested against one of our own that speaks its protocol, and against moto's where that is installed. */
@NullMarked
package dev.sluice.kms;

import org.jspecify.annotations.NullMarked;
