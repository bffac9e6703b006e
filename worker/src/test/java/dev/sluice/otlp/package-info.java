@NullMarked
package dev.sluice.otlp;

import org.jspecify.annotations.NullMarked;
