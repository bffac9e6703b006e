/**
 * Wiring: makes pipeline, keys, queue and database from the settings, and a running worker from those. The only package
 * that sees both {@code sqs} and {@code postgres}; only {@code cli} depends on it.
 */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
