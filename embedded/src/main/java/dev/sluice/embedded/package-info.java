/**
 * A real PostgreSQL and an SQS server for {@code sluice demo} and the tests: nothing to install, no Docker. The worker
 * finds {@link dev.sluice.embedded.EmbeddedSandboxProvider} by {@link java.util.ServiceLoader}; tests also take
 * {@link dev.sluice.embedded.PostgresServer} and {@link dev.sluice.embedded.SqsServer} alone. Must never see the worker;
 * the production image does not contain it.
 */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
