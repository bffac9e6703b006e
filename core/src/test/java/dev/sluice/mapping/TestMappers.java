package dev.sluice.mapping;

import dev.sluice.keys.Sealer;
import dev.sluice.mask.Mask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Mappers for tests: masks that leave a mark, a sealer that leaves the bytes as they are. */
final class TestMappers {

    static final Instant SENT_AT = Instant.parse("2026-03-01T23:59:59.999Z");

    private TestMappers() {}

    static Mapper compile(String yaml) {
        return jsonMapper(yaml);
    }

    static JsonMapper jsonMapper(String yaml) {
        return jsonMapper(yaml, false);
    }

    /** @param allNames whether fields are counted by names that the file does not contain */
    static JsonMapper jsonMapper(String yaml, boolean allNames) {
        Mask mask = clear -> clear.equals("not canonical") ? null : "masked(" + clear + ")";
        PipelineSpec spec = SpecReader.read("test.yaml", yaml);
        Sealer sealer = new ClearSealer();
        KeyedColumns columns = Mappers.columns(spec, null, column -> column.mask() == null ? null : mask, sealer);
        return Mappers.compile(spec, Mappers.same(columns), sealer, null, new FieldCounters(spec, allNames));
    }

    /** One column {@code v} from field {@code v}, with what the YAML flow mapping says besides. */
    static Mapper column(String rest) {
        return compile("pipeline: test\nsource: { queue: q }\nsink: { table: t }\ncolumns: { v: { from: v, " + rest
                + " } }\n");
    }

    static List<Outcome> map(Mapper mapper, String body) {
        return mapper.map("id-1", SENT_AT, body.getBytes(StandardCharsets.UTF_8));
    }

    static Outcome only(Mapper mapper, String body) {
        List<Outcome> outcomes = map(mapper, body);
        if (outcomes.size() != 1) {
            throw new AssertionError("one outcome was expected, there are " + outcomes.size());
        }
        return outcomes.get(0);
    }

    /** The value of the first column, or the reason as its label. */
    static Object valueOrReason(Mapper mapper, String body) {
        Outcome outcome = only(mapper, body);
        if (outcome instanceof Rejection rejection) {
            return rejection.reason();
        }
        Object value = ((Row) outcome).value(0);
        return value == null ? "NULL" : value;
    }

    private static final class ClearSealer implements Sealer {
        @Override
        public byte[] seal(byte[] clear, int offset, int length, String associatedData) {
            return Arrays.copyOfRange(clear, offset, offset + length);
        }

        @Override
        public byte[] unseal(byte[] sealed, String associatedData) {
            return sealed;
        }
    }
}
