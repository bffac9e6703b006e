/** A small HTTP server for the worker's own ports: limits, time-outs, routes. Knows nothing of Sluice. */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
