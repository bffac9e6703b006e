/**
 * What calls to AWS share: endpoint, region, credentials, the rule for plain http, and the one translation of the SDK's
 * errors; and what settings need from AWS: secrets and database tokens. Knows neither SQS nor KMS; of ours it sees only
 * {@code config} and {@code failure}.
 */
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
