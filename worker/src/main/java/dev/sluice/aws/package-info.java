/**
 * What calls to SQS and to KMS share: endpoint, region, credentials, the rule for plain http, and the one translation of
 * the SDK's errors. Knows neither service; of ours it sees only {@code config} and {@code failure}.
 */
@NullMarked
package dev.sluice.aws;

import org.jspecify.annotations.NullMarked;
