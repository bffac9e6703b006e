/**
 * The interface between the worker and the embedded servers of the demo. The worker looks up a
 * {@link dev.sluice.sandbox.Sandbox} by name only; it must never see the implementation.
 */
@NullMarked
package dev.sluice.sandbox;

import org.jspecify.annotations.NullMarked;
