/**
 * The bulk work of {@code store} as an application of Apache Spark: Spark says which executor loads which unit, and nothing
 * else. Never sees AWS, nor the queue. Keys and passwords are read on each host, and never travel.
 */
@NullMarked
package dev.sluice.spark;

import org.jspecify.annotations.NullMarked;
