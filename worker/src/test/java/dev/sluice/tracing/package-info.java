@NullMarked
package dev.sluice.tracing;

import org.jspecify.annotations.NullMarked;
