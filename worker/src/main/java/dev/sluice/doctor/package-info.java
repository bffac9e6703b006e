/** What {@code sluice doctor} finds. The packages that know a thing ({@code sqs}, {@code postgres}) check it; this one holds what a check says. */
@NullMarked
package dev.sluice.doctor;

import org.jspecify.annotations.NullMarked;
