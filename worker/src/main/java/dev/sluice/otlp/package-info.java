/**
 * Brings what was measured to an OpenTelemetry collector over HTTP, and never disturbs a run. Sees bytes that are ready to
 * be sent, not what they mean.
 */
@NullMarked
package dev.sluice.otlp;

import org.jspecify.annotations.NullMarked;
