/**
 * The mapping: a pipeline file ({@link dev.sluice.mapping.PipelineSpec}), compiled once, turns the bytes of a message
 * into masked {@linkplain dev.sluice.mapping.Row rows} or {@linkplain dev.sluice.mapping.Rejection rejections}. Sees
 * {@code mask} and {@code keys}; must never see a queue, a database or a logger. Clear values never leave it.
 */
@NullMarked
package dev.sluice.mapping;

import org.jspecify.annotations.NullMarked;
