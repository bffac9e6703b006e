package dev.sluice.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnType;
import dev.sluice.mapping.FieldProtection;
import dev.sluice.mapping.Mapper;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.Outcome;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.Reason;
import dev.sluice.mapping.Rejection;
import dev.sluice.mapping.Row;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus through the mapper alone: each case alone, then what the whole of it must hold. */
class BadInputsMapperTest {

    private static final Instant SENT_AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final Map<String, Bench> BENCHES = new HashMap<>();

    /** A pipeline with keys that nobody keeps. */
    private record Bench(PipelineSpec spec, Keysets keysets, Mapper mapper) {

        static Bench of(String pipeline) {
            Assembly assembly = new Assembly(SettingsReader.read(
                    Map.of(Setting.PIPELINE, BadInputs.file(pipeline).toString()), null, Map.of()));
            Keysets keysets = Keysets.ephemeral(assembly.requiredKeys());
            return new Bench(assembly.spec(), keysets, assembly.mapper(keysets));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.sluice.badinput.BadInputs#all")
    void isStoredUnalteredOrRejectedForItsReason(BadInput bad) {
        Bench bench = bench(bad);

        List<Outcome> outcomes = bench.mapper.map("id", SENT_AT, bad.body().clone());

        assertThat(outcomes).hasSize(1);
        switch (outcomes.getFirst()) {
            case Row row -> {
                assertThat(bad.verdict()).isEqualTo(BadInput.STORED);
                checkStored(bad, bench, row);
            }
            case Rejection rejection -> {
                assertThat(verdict(rejection)).isEqualTo(bad.verdict());
                checkOriginal(bad, bench, rejection);
            }
        }
    }

    @Test
    void hasEveryClassOfBadInputAndAtLeast120Cases() {
        List<BadInput> all = BadInputs.all();

        assertThat(all).hasSizeGreaterThanOrEqualTo(120);
        assertThat(all.stream().map(BadInput::group))
                .contains("framing", "packing", "structure", "types", "text", "ip", "version", "date");
        assertThat(all.stream().map(BadInput::id)).doesNotHaveDuplicates();
    }

    /**
     * The enum is the corpus's check list. What only the database knows, and what depends on attributes or on the keys of
     * tenants, is not a matter of bodies: {@code AttributesTest}, {@code TenantsTest}.
     */
    @Test
    void hasACaseForEveryReasonOfTheMapper() {
        Set<String> expected = BadInputs.all().stream().map(BadInput::expected).collect(Collectors.toSet());

        assertThat(expected)
                .containsAll(Stream.of(Reason.values())
                        .filter(reason -> !Set.of(
                                        Reason.REFUSED_BY_DATABASE,
                                        Reason.DROPPED_BY_TABLE,
                                        Reason.BINARY_ATTRIBUTE,
                                        Reason.NO_TENANT,
                                        Reason.UNKNOWN_TENANT,
                                        Reason.DESTROYED_TENANT)
                                .contains(reason))
                        .map(Reason::label)
                        .toList());
    }

    @Test
    void givesOneAddressOneTokenHoweverItIsSpelt() {
        Map<String, Set<Object>> tokens = BadInputs.all().stream()
                .filter(bad -> bad.unmasked().containsKey("masked_ip"))
                .collect(Collectors.groupingBy(
                        bad -> Objects.requireNonNull(bad.unmasked().get("masked_ip")),
                        Collectors.mapping(bad -> value(bad, bench(bad), "masked_ip"), Collectors.toSet())));

        assertThat(tokens).hasSizeGreaterThan(1).allSatisfy((address, found) -> assertThat(found)
                .hasSize(1));
    }

    private static Bench bench(BadInput bad) {
        return BENCHES.computeIfAbsent(bad.pipeline(), Bench::of);
    }

    private static Object value(BadInput bad, Bench bench, String column) {
        Row row = (Row) bench.mapper.map("id", SENT_AT, bad.body().clone()).getFirst();
        return Objects.requireNonNull(row.value(index(bench, column)));
    }

    /** Times and jsonb are written otherwise by PostgreSQL; they are looked at there. */
    private static void checkStored(BadInput bad, Bench bench, Row row) {
        bad.stored().forEach((name, text) -> {
            ColumnType type = bench.spec.columns().get(index(bench, name)).type();
            if (type != ColumnType.Simple.JSONB && type != ColumnType.Simple.TIMESTAMPTZ) {
                assertThat(row.value(index(bench, name))).hasToString(text);
            }
        });
        bad.unmasked().forEach((name, text) -> {
            Column column = bench.spec.columns().get(index(bench, name));
            ReversibleMask mask =
                    (ReversibleMask) Objects.requireNonNull(Mappers.mask(bench.spec, column, bench.keysets));
            assertThat(mask.recover(String.valueOf(row.value(index(bench, name)))))
                    .isEqualTo(new Recovered.Clear(text));
        });
    }

    private static int index(Bench bench, String column) {
        return bench.spec.columns().stream().map(Column::name).toList().indexOf(column);
    }

    private static String verdict(Rejection rejection) {
        String label = rejection.reason().label();
        return rejection.column() == null ? label : label + " in " + rejection.column();
    }

    private static void checkOriginal(BadInput bad, Bench bench, Rejection rejection) {
        byte[] original = bench.keysets
                .sealer()
                .unseal(
                        rejection.original().seal(),
                        new Original.Binding(
                                        bench.spec.name(),
                                        "id",
                                        FieldProtection.of(bench.spec).text())
                                .associatedData());

        assertThat(bad.originals()).contains(original);
    }
}
