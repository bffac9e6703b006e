/**
 * Settings: what can be set, where it came from, and whether it is sound. Knows names and shapes, not what they do; must
 * never see the queue or the database.
 */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
