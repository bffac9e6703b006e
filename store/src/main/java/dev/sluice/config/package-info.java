/**
 * Settings: one declaration for each, read from flags, environment, file and defaults, checked, and given out as immutable
 * records. Knows names and shapes, not what they do; must see nothing of ours but {@code core}'s YAML.
 */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
