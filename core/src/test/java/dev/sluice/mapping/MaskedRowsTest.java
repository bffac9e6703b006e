package dev.sluice.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.GoldenKeys;
import dev.sluice.mapping.Mapper.Batch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are masked a batch at a time, or when somebody asks for a value: that makes no difference to them. */
class MaskedRowsTest {

    @TempDir
    private Path folder;

    private Mapper mapper;

    @BeforeEach
    void compile() {
        mapper = compiled(256);
    }

    private Mapper compiled(int width) {
        String spec =
                """
                pipeline: user-logins
                source: { queue: q }
                sink: { table: t }
                columns:
                  masked_ip:        { from: ip, type: text, mask: { kind: deterministic-aead, as: ip } }
                  plain:            { from: plain, type: text }
                  masked_device_id: { from: device_id, type: varchar(%d), mask: { kind: deterministic-aead } }
                """
                        .formatted(width);
        return Mappers.compile(SpecReader.read("test.yaml", spec), GoldenKeys.load(folder));
    }

    private static byte[] body(int number) {
        return ("{\"ip\":\"198.51.100." + number + "\",\"plain\":\"p\",\"device_id\":"
                        + (number % 3 == 0 ? "null" : "\"" + "d".repeat(number) + "\"") + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<@Nullable Object> values(Outcome outcome) {
        List<@Nullable Object> values = new ArrayList<>();
        Row row = (Row) outcome;
        for (int column = 0; column < row.width(); column++) {
            values.add(row.value(column));
        }
        return values;
    }

    @Test
    void aBatchHasTheValuesOfItsMessagesAlone() {
        Batch batch = mapper.begin();
        List<Outcome> together = IntStream.range(0, 50)
                .mapToObj(number -> batch.unpack("id", TestMappers.SENT_AT, body(number), Attributes.NONE)
                        .map()
                        .get(0))
                .toList();
        batch.mask();

        for (int number = 0; number < 50; number++) {
            Outcome alone = mapper.map("id", TestMappers.SENT_AT, body(number)).get(0);
            assertThat(values(together.get(number))).isEqualTo(values(alone));
        }
    }

    @Test
    void masksTheRecordsOfAMessageAndLeavesRejectionsAlone() {
        Batch batch = mapper.begin();
        byte[] body = "[{\"ip\":\"198.51.100.7\"},{\"ip\":\"no address\"},{\"ip\":\"198.51.100.7\"}]"
                .getBytes(StandardCharsets.UTF_8);

        List<Outcome> outcomes =
                batch.unpack("id", TestMappers.SENT_AT, body, Attributes.NONE).map();
        batch.mask();

        assertThat(values(outcomes.get(0))).isEqualTo(values(outcomes.get(2)));
        assertThat(((Rejection) outcomes.get(1)).reason()).isEqualTo(Reason.INVALID_IP);
    }

    @Test
    void knowsLengthsBeforeItMasks() {
        Row row = (Row) mapper.map("id", TestMappers.SENT_AT, body(4)).get(0);

        List<Integer> lengths =
                IntStream.range(0, row.width()).mapToObj(row::textLength).toList();

        assertThat(lengths)
                .isEqualTo(values(row).stream()
                        .map(value -> String.valueOf(value).length())
                        .toList());
    }

    /** The 20 letters take 40 bytes, padded to 64. */
    @Test
    void refusesATokenThatIsWiderThanItsColumn() {
        byte[] body = ("{\"ip\":\"198.51.100.7\",\"device_id\":\"" + "\u00e9".repeat(20) + "\"}")
                .getBytes(StandardCharsets.UTF_8);

        assertThat(compiled(114).map("id", TestMappers.SENT_AT, body).get(0)).isInstanceOf(Row.class);
        assertThat(((Rejection) compiled(113)
                                .map("id", TestMappers.SENT_AT, body)
                                .get(0))
                        .reason())
                .isEqualTo(Reason.TOO_LONG);
    }
}
