package dev.sluice.pipeline;

import dev.sluice.mapping.Outcome;

/**
 * One record on its way from the mapper to the sink.
 *
 * @param message its delivery; {@code (sentAt, id)} of it and {@code index} are the record's key in the ledger
 * @param index the record's position in the message, from 0; always 0 if the body is a single object
 * @param outcome a masked row or a rejection
 */
public record MappedRecord(Message message, int index, Outcome outcome) {}
