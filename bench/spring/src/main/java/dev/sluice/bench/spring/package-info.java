/** What a Spring user writes for the job of the pipeline {@code user-logins-sha256}: a listener and a batch insert. */
@NullMarked
package dev.sluice.bench.spring;

import org.jspecify.annotations.NullMarked;
