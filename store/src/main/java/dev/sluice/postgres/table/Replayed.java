package dev.sluice.postgres.table;

/**
 * What became of the entries and the records in them: a body that was rejected as a whole may hold several records now.
 * {@code records = stored + duplicates + rejected}.
 *
 * @param entries read
 * @param unopened entries whose originals cannot be unsealed; the records in them are not known
 * @param records in the other entries
 * @param stored new rows
 * @param duplicates stored by another delivery meanwhile
 * @param rejected again; they stay, with today's reason
 */
public record Replayed(long entries, long unopened, long records, long stored, long duplicates, long rejected) {

    public static final Replayed NONE = unopened(0);

    public static Replayed unopened(int entries) {
        return new Replayed(entries, entries, 0, 0, 0, 0);
    }

    public Replayed plus(Replayed other) {
        return new Replayed(
                entries + other.entries,
                unopened + other.unopened,
                records + other.records,
                stored + other.stored,
                duplicates + other.duplicates,
                rejected + other.rejected);
    }
}
