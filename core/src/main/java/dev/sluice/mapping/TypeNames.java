package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Numeric;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.ColumnType.Varchar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a column's type by its SQL name. */
final class TypeNames {

    static final String EXPECTED =
            "varchar(n), text, integer, bigint, boolean, date, timestamptz, uuid, numeric(p,s) or jsonb";

    /** PostgreSQL, "Character Types": n cannot exceed 10,485,760. */
    private static final int MAX_VARCHAR = 10_485_760;

    /** PostgreSQL, "Arbitrary Precision Numbers": a declared precision is at most 1000. */
    private static final int MAX_PRECISION = 1000;

    private static final Pattern VARCHAR = Pattern.compile("varchar\\(([0-9]{1,8})\\)");
    private static final Pattern NUMERIC = Pattern.compile("numeric\\(([0-9]{1,4}), ?([0-9]{1,4})\\)");

    private TypeNames() {}

    /** The type of that name; null if there is none, or its parameters are out of PostgreSQL's range. */
    static @Nullable ColumnType parse(String text) {
        for (Simple simple : Simple.values()) {
            if (simple.sql().equals(text)) {
                return simple;
            }
        }
        Matcher varchar = VARCHAR.matcher(text);
        if (varchar.matches()) {
            int length = Integer.parseInt(varchar.group(1));
            return length >= 1 && length <= MAX_VARCHAR ? new Varchar(length) : null;
        }
        Matcher numeric = NUMERIC.matcher(text);
        if (numeric.matches()) {
            int precision = Integer.parseInt(numeric.group(1));
            int scale = Integer.parseInt(numeric.group(2));
            return precision >= 1 && precision <= MAX_PRECISION && scale <= precision
                    ? new Numeric(precision, scale)
                    : null;
        }
        return null;
    }
}
