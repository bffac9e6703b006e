/** JMH benchmarks of the steps of a message, through the public types of the worker. Run by {@code bench/jmh}. */
@NullMarked
package dev.sluice.bench.micro;

import org.jspecify.annotations.NullMarked;
