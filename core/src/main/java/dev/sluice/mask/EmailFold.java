package dev.sluice.mask;

import dev.sluice.encoding.Labelled;

/**
 * Spellings of a mailbox's name that count as one. Only its mail provider knows which do, so that each is off unless
 * the pipeline file says so; where a provider tells them apart, folding gives two people one token.
 */
public enum EmailFold implements Labelled {
    /** Upper and lower case: {@code Ann@example.com} is {@code ann@example.com}. True of almost every provider. */
    CASE,
    /** A tag, from the first plus on: {@code ann+news@example.com} is {@code ann@example.com} (RFC 5233). */
    PLUS_TAG,
    /** Dots: {@code a.nn@example.com} is {@code ann@example.com}. True of Gmail, of few others. */
    DOTS
}
