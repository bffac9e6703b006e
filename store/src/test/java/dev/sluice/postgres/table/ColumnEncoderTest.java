package dev.sluice.postgres.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mapping.ColumnType;
import dev.sluice.postgres.db.CopyBuffer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.ByteConverter;

class ColumnEncoderTest {

    private static final int HEADER_LENGTH = 19;

    @Test
    void beginsWithSignatureAndCountsFields() {
        CopyBuffer copy = new CopyBuffer();
        copy.row(2);
        copy.nullField();
        copy.bool(true);
        assertThat(hex(copy.toByteArray()))
                .isEqualTo("5047434f50590aff0d0a00" + "00000000" + "00000000" + "0002" + "ffffffff" + "0000000101");
    }

    @Test
    void writesEachTypeAsItsReceiveFunctionReadsIt() {
        assertThat(field(new ColumnType.Varchar(9), "aé😀")).isEqualTo("00000007" + "61c3a9f09f9880");
        assertThat(field(ColumnType.Simple.TEXT, "")).isEqualTo("00000000");
        assertThat(field(ColumnType.Simple.INTEGER, -2)).isEqualTo("00000004" + "fffffffe");
        assertThat(field(ColumnType.Simple.BIGINT, 1L << 40)).isEqualTo("00000008" + "0000010000000000");
        assertThat(field(ColumnType.Simple.BOOLEAN, false)).isEqualTo("00000001" + "00");
        assertThat(field(ColumnType.Simple.DATE, LocalDate.of(1999, 12, 31))).isEqualTo("00000004" + "ffffffff");
        assertThat(field(ColumnType.Simple.TIMESTAMPTZ, Instant.parse("2000-01-01T00:00:01.000002Z")))
                .isEqualTo("00000008" + "00000000000f4242");
        assertThat(field(ColumnType.Simple.UUID, UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")))
                .isEqualTo("00000010" + "00112233445566778899aabbccddeeff");
        assertThat(field(ColumnType.Simple.JSONB, "{}")).isEqualTo("00000003" + "017b7d");
    }

    @Test
    void writesIntegerToBigintAsEightBytes() {
        CopyBuffer copy = new CopyBuffer();
        ColumnEncoder.of(ColumnType.Simple.INTEGER, true).encode(copy, -2);
        assertThat(hex(withoutHeader(copy))).isEqualTo("00000008" + "fffffffffffffffe");
    }

    /** From {@code numeric_send}: digits, weight, sign, scale, then digits to base 10,000. */
    @Test
    void writesNumericInDigitsOfTenThousand() {
        assertThat(numeric("0.00")).isEqualTo("00000008" + "0000" + "0000" + "0000" + "0002");
        assertThat(numeric("-12345.678")).isEqualTo("0000000e" + "0003" + "0001" + "4000" + "0003" + "000109291a7c");
        assertThat(numeric("0.00001")).isEqualTo("0000000a" + "0001" + "fffe" + "0000" + "0005" + "03e8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "9999",
                "10000",
                "0.1",
                "-0.0001",
                "123456789012345678901234567890.123456789",
                "1E+5"
            })
    void writesNumericThatDriverReadsAsTheSameNumber(String number) {
        CopyBuffer copy = new CopyBuffer();
        copy.numeric(new BigDecimal(number));
        byte[] field = withoutHeader(copy);
        Number read = ByteConverter.numeric(field, 4, field.length - 4);
        assertThat((BigDecimal) read).isEqualByComparingTo(new BigDecimal(number));
    }

    private static String numeric(String number) {
        return field(new ColumnType.Numeric(30, 10), new BigDecimal(number));
    }

    private static String field(ColumnType type, Object value) {
        CopyBuffer copy = new CopyBuffer();
        ColumnEncoder.of(type, false).encode(copy, value);
        return hex(withoutHeader(copy));
    }

    private static byte[] withoutHeader(CopyBuffer copy) {
        byte[] bytes = copy.toByteArray();
        return Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
