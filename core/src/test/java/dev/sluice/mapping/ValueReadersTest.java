package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One column, one field: what each type takes, and why it refuses the rest. */
class ValueReadersTest {

    @ParameterizedTest(name = "{0} of {1}")
    @MethodSource({"texts", "wholeNumbers", "numerics", "versions", "times", "others", "jsonValues", "masks"})
    void takesTheValueOrTellsWhyNot(String column, String json, Object expected) {
        Mapper mapper = TestMappers.column(column);

        assertThat(TestMappers.valueOrReason(mapper, "{\"v\":" + json + "}")).isEqualTo(expected);
    }

    static Stream<Arguments> texts() {
        String four = "type: varchar(4)";
        String required = "type: text, required: true";
        return Stream.of(
                of(four, "\"abcd\"", "abcd"),
                of(four, "\"abcde\"", Reason.TOO_LONG),
                of(four, "\"abcd \"", Reason.TOO_LONG),
                of(four, "\"a b \"", "a b "),
                of(four, "\"😀😀😀😀\"", "😀😀😀😀"),
                of(four, "\"😀😀😀😀😀\"", Reason.TOO_LONG),
                of(four, "\"\\ud83d\\ude00\"", "😀"),
                of(four, "\"\\ud83d\"", Reason.LONE_SURROGATE),
                of(four, "\"\\ude00a\"", Reason.LONE_SURROGATE),
                of(four, "\"a\\u0000\"", Reason.NUL_CHARACTER),
                of(four, "\"\\u0001\\r\\n\\u200b\"", "\u0001\r\n\u200b"),
                of(four, "\"\"", ""),
                of(four, "7", Reason.NOT_TEXT),
                of(four, "true", Reason.NOT_TEXT),
                of(four, "{}", Reason.NOT_TEXT),
                of(four, "[\"a\"]", Reason.NOT_TEXT),
                of(four, "null", "NULL"),
                of(required, "null", Reason.MISSING),
                of(required, "\"\"", Reason.BLANK),
                of(required, "\" \\t\\u2003\"", Reason.BLANK),
                of(required, "\"'; DROP TABLE t; --\"", "'; DROP TABLE t; --"),
                of(required, "\"${jndi:ldap://x}\"", "${jndi:ldap://x}"),
                of("type: text, convert: lower", "\"ÀI\"", "ài"),
                of("type: text, convert: upper", "\"ài\"", "ÀI"),
                of("type: text, convert: trim", "\" \\u2003a b\\n\"", "a b"));
    }

    static Stream<Arguments> wholeNumbers() {
        return Stream.of(
                of("type: integer", "2147483647", Integer.MAX_VALUE),
                of("type: integer", "-2147483648", Integer.MIN_VALUE),
                of("type: integer", "2147483648", Reason.OUT_OF_RANGE),
                of("type: integer", "-0", 0),
                of("type: integer", "2.7", Reason.NOT_A_WHOLE_NUMBER),
                of("type: integer", "2.0", Reason.NOT_A_WHOLE_NUMBER),
                of("type: integer", "1e2", Reason.NOT_A_WHOLE_NUMBER),
                of("type: integer", "\"2\"", Reason.NOT_A_WHOLE_NUMBER),
                of("type: integer", "true", Reason.NOT_A_WHOLE_NUMBER),
                of("type: integer", "[1]", Reason.NOT_A_WHOLE_NUMBER),
                of("type: bigint", "9223372036854775807", Long.MAX_VALUE),
                of("type: bigint", "9223372036854775808", Reason.OUT_OF_RANGE),
                of("type: bigint", "-9223372036854775808", Long.MIN_VALUE),
                of("type: bigint", "9".repeat(1000), Reason.OUT_OF_RANGE),
                of("type: bigint", "9".repeat(2000), Reason.TOO_LARGE));
    }

    static Stream<Arguments> numerics() {
        String money = "type: 'numeric(6,2)'";
        return Stream.of(
                of(money, "12.5", new BigDecimal("12.50")),
                of(money, "9999.99", new BigDecimal("9999.99")),
                of(money, "10000", Reason.OUT_OF_RANGE),
                of(money, "12.345", Reason.OUT_OF_RANGE),
                of(money, "12.340", new BigDecimal("12.34")),
                of(money, "0e9999", new BigDecimal("0.00")),
                of(money, "1e3", new BigDecimal("1000.00")),
                of(money, "1e+00003", new BigDecimal("1000.00")),
                of(money, "1e-0000", new BigDecimal("1.00")),
                of(money, "-0", new BigDecimal("0.00")),
                of(money, "1e400", Reason.OUT_OF_RANGE),
                of(money, "1e999999999", Reason.OUT_OF_RANGE),
                of(money, "1e-999999999999", Reason.OUT_OF_RANGE),
                of(money, "\"12.5\"", Reason.NOT_A_NUMBER));
    }

    static Stream<Arguments> versions() {
        String packed = "type: integer, convert: version-packed";
        String major = "type: integer, convert: version-major";
        String decimal = "type: integer, convert: version-decimal";
        return Stream.of(
                of(packed, "\"2.3.0\"", 131840),
                of(packed, "\"0.2.6\"", 518),
                of(packed, "\"0.96\"", 24576),
                of(packed, "\"2\"", 131072),
                of(packed, "\"00.1\"", 256),
                of(packed, "\"255.255.255\"", 0xFFFFFF),
                of(packed, "\"0.256\"", Reason.VERSION_PART_TOO_LARGE),
                of(packed, "\"999999999999.1\"", Reason.VERSION_PART_TOO_LARGE),
                of(major, "\"2.3.0\"", 2),
                of(major, "\"999999999999.1\"", Reason.VERSION_OUT_OF_RANGE),
                of("type: bigint, convert: version-major", "\"99999999999999.1\"", Reason.VERSION_OUT_OF_RANGE),
                of(decimal, "\"2.3.0\"", 2003000),
                of(decimal, "\"2.1000.0\"", Reason.VERSION_OUT_OF_RANGE),
                of(decimal, "\"2148.0.0\"", Reason.VERSION_OUT_OF_RANGE),
                of(packed, "\"v2.3\"", Reason.INVALID_VERSION),
                of(packed, "\"2.3.0-beta+1\"", Reason.INVALID_VERSION),
                of(packed, "\"2.\"", Reason.INVALID_VERSION),
                of(packed, "\".2\"", Reason.INVALID_VERSION),
                of(packed, "\"2..3\"", Reason.INVALID_VERSION),
                of(packed, "\"2,3\"", Reason.INVALID_VERSION),
                of(packed, "\"-2\"", Reason.INVALID_VERSION),
                of(packed, "\"\"", Reason.INVALID_VERSION),
                of(packed, "\" 2\"", Reason.INVALID_VERSION),
                of(packed, "\"1.2.3.4\"", Reason.INVALID_VERSION),
                of(packed, "\"٢.٣\"", Reason.INVALID_VERSION),
                of(packed, "2.3", Reason.NOT_TEXT));
    }

    static Stream<Arguments> times() {
        String time = "type: timestamptz";
        return Stream.of(
                of("type: date", "\"2024-02-29\"", LocalDate.of(2024, 2, 29)),
                of("type: date", "\"2023-02-29\"", Reason.INVALID_DATE),
                of("type: date", "\"0000-01-01\"", Reason.INVALID_DATE),
                of("type: date", "\"10000-01-01\"", Reason.INVALID_DATE),
                of("type: date", "\"infinity\"", Reason.INVALID_DATE),
                of("type: date", "\"2023-01-01T00:00:00Z\"", Reason.INVALID_DATE),
                of("type: date", "\"2023-01-01+02:00\"", Reason.INVALID_DATE),
                of("type: date", "1700000000", Reason.NOT_TEXT),
                of("type: date, convert: epoch-millis", "1700000000000", LocalDate.of(2023, 11, 14)),
                of(time, "\"2023-01-01T00:00:00+02:00\"", Instant.parse("2022-12-31T22:00:00Z")),
                of(time, "\"2023-01-01t00:00:00.123456z\"", Instant.parse("2023-01-01T00:00:00.123456Z")),
                of(time, "\"2023-01-01T00:00:00.1234560Z\"", Instant.parse("2023-01-01T00:00:00.123456Z")),
                of(time, "\"2023-01-01T00:00:00.1234567Z\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"2023-01-01T00:00:00\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"2023-01-01T24:00:00Z\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"2023-01-01T00:00:60Z\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"2023-02-30T00:00:00Z\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"2023-01-01T00:00:00+19:00\"", Reason.INVALID_TIMESTAMP),
                of(time, "\"0001-01-01T00:00:00+01:00\"", Reason.OUT_OF_RANGE),
                of(time, "\"9999-12-31T23:59:59-01:00\"", Reason.OUT_OF_RANGE),
                of(time + ", convert: epoch-seconds", "1700000000", Instant.ofEpochSecond(1700000000)),
                of(time + ", convert: epoch-seconds", "1700000000000", Reason.OUT_OF_RANGE),
                of(time + ", convert: epoch-millis", "-1", Instant.ofEpochMilli(-1)),
                of(time + ", convert: epoch-seconds", "1.5", Reason.NOT_A_WHOLE_NUMBER),
                of(time + ", convert: epoch-seconds", "\"1700000000\"", Reason.NOT_A_WHOLE_NUMBER));
    }

    static Stream<Arguments> others() {
        String uuid = "424cdd21-063a-43a7-b91b-7ca1a833afae";
        return Stream.of(
                of("type: boolean", "true", true),
                of("type: boolean", "false", false),
                of("type: boolean", "1", Reason.NOT_A_BOOLEAN),
                of("type: boolean", "\"true\"", Reason.NOT_A_BOOLEAN),
                of("type: uuid", "\"" + uuid.toUpperCase(Locale.ROOT) + "\"", UUID.fromString(uuid)),
                of("type: uuid", "\"1-1-1-1-1\"", Reason.INVALID_UUID),
                of("type: uuid", "\"{" + uuid + "}\"", Reason.INVALID_UUID),
                of("type: integer, default: 7", "null", 7),
                of("type: date, default: sent-date", "null", LocalDate.of(2026, 3, 1)),
                of("type: timestamptz, default: sent-time", "null", TestMappers.SENT_AT));
    }

    static Stream<Arguments> jsonValues() {
        return Stream.of(
                of(
                        "type: jsonb",
                        "{ \"a\" : [ 1, 2.50, \"x\\\"\\\\\\n\" ], \"b\":{}, \"c\":[] , \"d\":null}",
                        "{\"a\":[1,2.50,\"x\\\"\\\\\\u000a\"],\"b\":{},\"c\":[],\"d\":null}"),
                of("type: jsonb", "\"text\"", "\"text\""),
                of("type: jsonb", "true", "true"),
                of("type: jsonb", "null", "NULL"),
                of("type: jsonb", "[[[1],[2]],3]", "[[[1],[2]],3]"),
                of("type: jsonb", "{\"a\":\"\\u0000\"}", Reason.NUL_CHARACTER),
                of("type: jsonb", "{\"\\u0000\":1}", Reason.NUL_CHARACTER),
                of("type: jsonb", "[1e99999]", Reason.OUT_OF_RANGE));
    }

    static Stream<Arguments> masks() {
        String masked = "type: varchar(80), mask: { kind: deterministic-aead }";
        return Stream.of(
                of(masked, "\"a\"", "masked(a)"),
                of(masked("as: ip"), "\"not canonical\"", Reason.INVALID_IP),
                of(masked("as: email"), "\"not canonical\"", Reason.INVALID_EMAIL),
                of(masked("as: phone"), "\"not canonical\"", Reason.INVALID_PHONE),
                of(masked("as: mac"), "\"not canonical\"", Reason.INVALID_MAC),
                of(masked("as: card"), "\"not canonical\"", Reason.INVALID_CARD),
                of(masked("as: email"), "\"" + "x".repeat(80) + "\"", "masked(" + "x".repeat(80) + ")"),
                of(masked, "\"" + "x".repeat(80) + "\"", Reason.TOO_LONG),
                of(masked, "\"\\ud800\"", Reason.LONE_SURROGATE),
                of(masked, "5", Reason.NOT_TEXT),
                of(masked + ", convert: lower", "\"A\"", "masked(a)"),
                of(masked + ", required: true", "\" \"", Reason.BLANK));
    }

    private static String masked(String form) {
        return "type: varchar(90), mask: { kind: deterministic-aead, " + form + " }";
    }

    private static Arguments of(String column, String json, Object expected) {
        return Arguments.of(column, json, expected);
    }
}
