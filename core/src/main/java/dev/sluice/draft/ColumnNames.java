package dev.sluice.draft;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gives each field a column's name: lower case, unique, at most 63 bytes, and none that SQL reserves. */
final class ColumnNames {

    /** PostgreSQL, NAMEDATALEN - 1, less room for a number. */
    private static final int MAX_LENGTH = 58;

    /** Reserved by PostgreSQL (appendix C), and the system columns of every table (section 5.6). */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation"
                            + " column concurrently constraint create cross current_catalog current_date current_role"
                            + " current_schema current_time current_timestamp current_user default deferrable desc distinct do"
                            + " else end except false fetch for foreign freeze from full grant group having ilike in initially"
                            + " inner intersect into is isnull join lateral leading left like limit localtime localtimestamp"
                            + " natural not notnull null offset on only or order outer overlaps placing primary references"
                            + " returning right select session_user similar some symmetric system_user table tablesample then"
                            + " to trailing true union unique user using variadic verbose when where window with"
                            + " tableoid xmin cmin xmax cmax ctid")
                    .split(" "));

    private final Set<String> taken = new HashSet<>();

    String of(List<String> path) {
        String name = normalised(String.join("_", path));
        String unique = name;
        for (int number = 2; !taken.add(unique); number++) {
            unique = name + "_" + number;
        }
        return unique;
    }

    static String normalised(String text) {
        String ascii = Normalizer.normalize(text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_"), Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_+|_+$", "");
        String name = ascii.isEmpty() ? "field" : ascii;
        name = Character.isDigit(name.charAt(0)) ? "n" + name : name;
        name = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
        return RESERVED.contains(name) ? name + "_" : name;
    }
}
