/**
 * Where parts are put together: settings become a pipeline, keys, a queue, a database, and those a running worker. The
 * only package that sees both {@code sqs} and {@code postgres}; nothing but {@code cli} depends on it.
 */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
