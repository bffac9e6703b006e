/** The console in a real browser, served by a made-up worker in every state. */
@NullMarked
package dev.sluice.console;

import org.jspecify.annotations.NullMarked;
