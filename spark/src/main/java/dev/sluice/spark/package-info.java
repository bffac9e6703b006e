/**
 * The bulk work of {@code store} as an application of Apache Spark: Spark decides which executor loads which unit or rewrites
 * which page, and nothing else. Never sees AWS or the queue. Keys and passwords are read on each host, and never travel.
 */
@NullMarked
package dev.sluice.spark;

import org.jspecify.annotations.NullMarked;
