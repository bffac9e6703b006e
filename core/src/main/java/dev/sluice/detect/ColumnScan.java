package dev.sluice.detect;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what the values of one column look like. Keeps no value. Used by one thread. */
public final class ColumnScan {

    /** Longer texts are not one address or number. */
    private static final int MAX_CHARS = 320;

    private final String column;
    private final Map<PersonalData, Long> matching = new EnumMap<>(PersonalData.class);
    private long values;

    /** @param column the column's name, for sightings */
    public ColumnScan(String column) {
        this.column = column;
    }

    /** The column's name. */
    public String column() {
        return column;
    }

    /** Looks at one value; white space around it is ignored, and a blank one is not counted. */
    public void add(String value) {
        addAny(List.of(value));
    }

    /** Looks at one value that consists of several texts: it has a form if one of them has. */
    public void addAny(List<String> texts) {
        List<String> looked = texts.stream()
                .filter(text -> !text.isBlank())
                .map(text -> text.length() > MAX_CHARS ? "" : text.strip())
                .toList();
        values += looked.isEmpty() ? 0 : 1;
        for (PersonalData kind : PersonalData.values()) {
            if (looked.stream().anyMatch(kind::matches)) {
                matching.merge(kind, 1L, Long::sum);
            }
        }
    }

    /** How many values were counted. */
    public long values() {
        return values;
    }

    /** How many values have the form. */
    public long matching(PersonalData kind) {
        return matching.getOrDefault(kind, 0L);
    }

    /** The kinds that occur too often for chance, in the order of their declaration. */
    public List<Sighting> sightings() {
        return matching.entrySet().stream()
                .filter(entry -> entry.getKey().isEvident(entry.getValue(), values))
                .map(entry -> new Sighting(column, entry.getKey(), entry.getValue(), values))
                .toList();
    }
}
