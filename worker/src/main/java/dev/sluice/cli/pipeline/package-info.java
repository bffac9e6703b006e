/** {@code sluice pipeline}: pipeline files shown, drafted from samples and validated. */
@NullMarked
package dev.sluice.cli.pipeline;

import org.jspecify.annotations.NullMarked;
