package dev.sluice.mapping;

import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.TestCase.Expectation;
import dev.sluice.mapping.TestCase.RowExpectation;
import dev.sluice.mapping.TestCase.ValueExpectation;
import dev.sluice.mapping.TestResult.Difference;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps the messages of tests and compares what becomes of them with what is expected. Used once, by one thread. */
final class TestRun {

    private static final String NULL = "NULL";
    private static final String MASKED = "a masked value";

    /** A shorter text occurs within others by chance. */
    private static final int MIN_CONTAINED = 6;

    private final PipelineSpec spec;
    private final Mapper unmasked;
    private final List<TestCase> tests;
    private final Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();

    /** @param unmasked the same pipeline without masks */
    TestRun(PipelineSpec spec, Mapper mapper, Mapper unmasked, List<TestCase> tests) {
        this.spec = spec;
        this.unmasked = unmasked;
        this.tests = tests;
        tests.forEach(test -> outcomes.put(test.name(), map(mapper, test)));
    }

    private static List<Outcome> map(Mapper mapper, TestCase test) {
        return mapper.map("test", test.sentAt(), test.body().getBytes(StandardCharsets.UTF_8), test.attributes());
    }

    List<TestResult> results() {
        return tests.stream()
                .map(test -> new TestResult(test.name(), differences(test)))
                .toList();
    }

    private List<Outcome> of(String test) {
        return Objects.requireNonNull(outcomes.get(test));
    }

    private List<Difference> differences(TestCase test) {
        List<Outcome> actual = of(test.name());
        return test.expectation() instanceof Expectation.Rejected rejected
                ? rejection(rejected, actual)
                : rows(test, ((Expectation.Rows) test.expectation()).rows(), actual);
    }

    private static List<Difference> rejection(Expectation.Rejected expected, List<Outcome> actual) {
        if (actual.size() == 1
                && actual.get(0) instanceof Rejection rejection
                && rejection.reason() == expected.reason()
                && (expected.column() == null || expected.column().equals(rejection.column()))) {
            return List.of();
        }
        String was = actual.size() == 1 ? text(actual.get(0)) : actual.size() + " records";
        return List.of(new Difference(null, null, text(expected.reason(), expected.column()), was));
    }

    private static String text(Outcome outcome) {
        return outcome instanceof Rejection rejection ? text(rejection.reason(), rejection.column()) : "a row";
    }

    private static String text(Reason reason, @Nullable String column) {
        return "a rejection: " + reason.label() + (column == null ? "" : " in column " + column);
    }

    private List<Difference> rows(TestCase test, List<RowExpectation> expected, List<Outcome> actual) {
        List<Difference> differences = new ArrayList<>();
        if (expected.size() != actual.size()) {
            differences.add(new Difference(null, null, expected.size() + " records", Integer.toString(actual.size())));
        }
        List<Outcome> clear = map(unmasked, test);
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            Integer record = expected.size() == 1 ? null : Integer.valueOf(i);
            if (actual.get(i) instanceof Row row && clear.get(i) instanceof Row clearRow) {
                differences.addAll(new RowComparison(record, row, clearRow).differences(expected.get(i)));
            } else {
                differences.add(new Difference(record, null, "a row", text(actual.get(i))));
            }
        }
        return differences;
    }

    /** Compares one row. */
    private final class RowComparison {

        private final @Nullable Integer record;
        private final Row row;
        private final Row clear;

        /** @param clear the same row without masks */
        RowComparison(@Nullable Integer record, Row row, Row clear) {
            this.record = record;
            this.row = row;
            this.clear = clear;
        }

        List<Difference> differences(RowExpectation expected) {
            List<Difference> differences = new ArrayList<>();
            expected.columns().forEach((index, value) -> {
                Difference difference = difference(index, value);
                if (difference != null) {
                    differences.add(difference);
                }
            });
            return differences;
        }

        private @Nullable Difference difference(int index, ValueExpectation expected) {
            Object actual = row.value(index);
            Column column = spec.columns().get(index);
            if (expected instanceof ValueExpectation.Masked masked) {
                return masked(index, column, masked);
            }
            Object wanted = expected instanceof ValueExpectation.Clear clearValue ? clearValue.value() : null;
            return equal(column, wanted, actual)
                    ? null
                    : difference(column, text(column, wanted), text(column, actual));
        }

        private Difference difference(Column column, String expected, String actual) {
            return new Difference(record, column.name(), expected, actual);
        }

        private @Nullable Difference masked(int index, Column column, ValueExpectation.Masked expected) {
            Object actual = row.value(index);
            if (actual == null) {
                return difference(column, MASKED, NULL);
            }
            String other = expected.sameAs();
            if (other != null && !(of(other).get(0) instanceof Row same && actual.equals(same.value(index)))) {
                return difference(column, "the value of test '" + other + "'", "another value");
            }
            String leak = expected.notClear() ? leak(index) : null;
            return leak == null ? null : difference(column, MASKED, "stored in clear by column " + leak);
        }

        /** The column that holds the clear value of a masked one; null if none does. */
        private @Nullable String leak(int index) {
            String secret = String.valueOf(clear.value(index)).toLowerCase(Locale.ROOT);
            for (int i = 0; i < row.width(); i++) {
                Object value = row.value(i);
                String stored = value == null ? "" : value.toString().toLowerCase(Locale.ROOT);
                boolean masked = spec.columns().get(i).mask() != null;
                boolean contains = !masked && secret.length() >= MIN_CONTAINED && stored.contains(secret);
                if ((!secret.isEmpty() && stored.equals(secret)) || contains) {
                    return spec.columns().get(i).name();
                }
            }
            return null;
        }
    }

    private static boolean equal(Column column, @Nullable Object expected, @Nullable Object actual) {
        if (expected != null && actual != null && column.type() == Simple.JSONB) {
            return JsonTree.equal(expected.toString(), actual.toString());
        }
        return Objects.equals(expected, actual);
    }

    /** A value as people write it; never that of a masked column. */
    private static String text(Column column, @Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        if (column.mask() != null) {
            return MASKED;
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        boolean quoted = value instanceof String && column.type() != Simple.JSONB;
        return quoted ? JsonValues.quoted(value.toString()) : value.toString();
    }
}
