/**
 * Who may use the console: bearer tokens, a trusted proxy, or nobody but readers on this machine. Sees requests and
 * settings; knows nothing of what the console shows.
 */
@NullMarked
package dev.sluice.access;

import org.jspecify.annotations.NullMarked;
