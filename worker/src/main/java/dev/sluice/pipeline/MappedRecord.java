package dev.sluice.pipeline;

import dev.sluice.mapping.Outcome;

/**
 * One record on its way from the mapper to the sink: the delivery it came in, its place in that message, and what the
 * mapper made of it.
 *
 * @param message the delivery; {@code (sentAt, id)} of it and {@code index} are the record's key in the ledger
 * @param index the record's place in the message, from 0; always 0 when the body is a single object
 * @param outcome a masked row or a rejection
 */
public record MappedRecord(Message message, int index, Outcome outcome) {}
