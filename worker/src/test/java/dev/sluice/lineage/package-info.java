@NullMarked
package dev.sluice.lineage;

import org.jspecify.annotations.NullMarked;
