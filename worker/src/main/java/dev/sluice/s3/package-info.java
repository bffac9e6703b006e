/** Archives in Amazon S3, as bulk work reads them. Sees {@code bulk}'s interface and {@code aws}; never the database. */
@NullMarked
package dev.sluice.s3;

import org.jspecify.annotations.NullMarked;
