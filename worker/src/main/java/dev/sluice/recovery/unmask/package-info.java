/**
 * Recovery of single values: turning tokens back, with somebody's approval where it takes one, and looking a clear value
 * up. The database decides and audits before anything is opened. The only package besides the masks in which clear values
 * exist; they leave it in {@link dev.sluice.mask.Recovered.Clear} alone, and never by a log or an exception.
 */
@NullMarked
package dev.sluice.recovery.unmask;

import org.jspecify.annotations.NullMarked;
