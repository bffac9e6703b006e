/**
 * Recovery of single values: unmasks tokens, with approval where required, and looks up clear values. The database decides and
 * audits before anything is opened. The only package besides the masks in which clear values exist; they leave it only in
 * {@link dev.sluice.mask.Recovered.Clear}, never in a log or an exception.
 */
@NullMarked
package dev.sluice.recovery.unmask;

import org.jspecify.annotations.NullMarked;
