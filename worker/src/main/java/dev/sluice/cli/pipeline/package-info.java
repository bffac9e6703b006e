/** {@code sluice pipeline}: pipeline files shown, drafted from samples, validated and tested. */
@NullMarked
package dev.sluice.cli.pipeline;

import org.jspecify.annotations.NullMarked;
