/**
 * The seam between the worker and the embedded servers of the demo: an interface, no code. The worker asks for a
 * {@link dev.sluice.sandbox.Sandbox} by name only; it must never see who provides it.
 */
@NullMarked
package dev.sluice.sandbox;

import org.jspecify.annotations.NullMarked;
