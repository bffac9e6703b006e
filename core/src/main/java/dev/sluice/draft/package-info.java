/**
 * A first pipeline file, drafted from sample events: a column for each field, its type, and a mask for whatever may be
 * personal. Sees values and keeps none: a draft holds names of fields and counts.
 */
@NullMarked
package dev.sluice.draft;

import org.jspecify.annotations.NullMarked;
