package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Assembly;
import dev.sluice.badinput.BadInput;
import dev.sluice.badinput.BadInputs;
import dev.sluice.cli.quarantine.JsonShape;
import dev.sluice.config.Setting;
import dev.sluice.config.SettingsReader;
import dev.sluice.keys.KeysetFile;
import dev.sluice.keys.Sealer;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.Original;
import dev.sluice.mapping.PipelineSpec;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus from a real queue into a real database, each case in the middle of nine good messages, all of a pipeline in
 * one run. Left out are the bodies that SQS does not take, each of which says why.
 */
class BadInputsIT {

    private static final int NEIGHBOURS = 9;

    /** What may be a value: long enough, and with a digit, so that no word of ours is one; bounded, for a name of 1 MiB. */
    private static final Pattern VALUE = Pattern.compile("(?=[\\w.:/+-]{0,63}[0-9])[\\w.:/+-]{9,64}");

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.empty(folder);
        playground.createQueue();
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.badinput.BadInputs#pipelines")
    void endsAsItShouldAndCostsNoNeighbour(String pipeline) {
        playground.set("SLUICE_PIPELINE", BadInputs.file(pipeline).toString());
        playground.sluice("keys", "create", "--allow-cleartext-keys").succeeded();
        playground.sluice("migrate").succeeded();
        List<BadInput> cases = BadInputs.all().stream()
                .filter(bad -> bad.pipeline().equals(pipeline) && bad.mapperOnly() == null)
                .toList();
        List<String> bodies = bodies(pipeline, cases);
        playground.send(bodies);

        Ran run = playground
                .sluice("run", "--until-empty", "--log-level", "debug")
                .succeeded();

        long stored = cases.stream().filter(BadInput::isStored).count();
        assertThat(run.lastLine())
                .startsWith("received " + bodies.size() + " = stored " + (bodies.size() - cases.size() + stored)
                        + " + duplicates 0 + quarantined " + (cases.size() - stored) + " + released 0");
        assertThat(playground.depth().visible()).isZero();
        String table = assembly(pipeline).spec().sink().table();
        checkNeighbours(table, cases);
        checkStored(table, cases.stream().filter(BadInput::isStored).toList());
        checkQuarantine(cases);
        checkPrivacy(run, cases);
    }

    private static List<String> bodies(String pipeline, List<BadInput> cases) {
        List<String> bodies = new ArrayList<>();
        for (BadInput bad : cases) {
            IntStream.range(0, NEIGHBOURS / 2).forEach(i -> bodies.add(neighbour(pipeline, bad, i)));
            bodies.add(new String(bad.body(), UTF_8));
            IntStream.range(NEIGHBOURS / 2, NEIGHBOURS).forEach(i -> bodies.add(neighbour(pipeline, bad, i)));
        }
        return bodies;
    }

    private static String neighbour(String pipeline, BadInput bad, int number) {
        return BadInputs.good(pipeline, "good-" + bad.id() + "-" + number);
    }

    private void checkNeighbours(String table, List<BadInput> cases) {
        List<String> expected = cases.stream()
                .flatMap(bad -> IntStream.range(0, NEIGHBOURS).mapToObj(i -> "good-" + bad.id() + "-" + i))
                .toList();

        assertThat(playground.query("SELECT user_id FROM " + table + " WHERE user_id LIKE 'good-%'"))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private void checkStored(String table, List<BadInput> stored) {
        String where = " FROM " + table + " WHERE user_id LIKE 'case-%'";
        assertThat(playground.query("SELECT user_id" + where))
                .containsExactlyInAnyOrderElementsOf(
                        stored.stream().map(BadInputsIT::user).toList());
        for (Column column : assembly(stored.getFirst().pipeline()).spec().columns()) {
            Map<String, String> texts = new HashMap<>();
            playground
                    .query("SELECT user_id || '|' || encode(convert_to(" + sqlText(column.name()) + ", 'UTF8'), 'hex')"
                            + where + " AND " + column.name() + " IS NOT NULL")
                    .forEach(row -> texts.put(row.substring(0, row.indexOf('|')), row.substring(row.indexOf('|') + 1)));
            stored.forEach(bad -> checkColumn(bad, column.name(), texts.get(user(bad))));
        }
    }

    private void checkColumn(BadInput bad, String column, @Nullable String hex) {
        String text = bad.stored().get(column);
        if (text != null) {
            assertThat(hex).as("%s, byte by byte", bad).isEqualTo(HexFormat.of().formatHex(text.getBytes(UTF_8)));
        }
        String clear = bad.unmasked().get(column);
        if (clear != null) {
            String token = new String(HexFormat.of().parseHex(Objects.requireNonNull(hex)), UTF_8);
            assertThat(mask(bad, column).recover(token)).as("%s, unmasked", bad).isEqualTo(new Recovered.Clear(clear));
        }
    }

    private static String user(BadInput bad) {
        return "case-" + bad.id();
    }

    /** Times in UTC, whatever zone the session has. */
    private static String sqlText(String column) {
        return "CASE pg_typeof(" + column + ") WHEN 'timestamptz'::regtype THEN rtrim((" + column
                + "::text::timestamptz AT TIME ZONE 'UTC')::text) || '+00' ELSE " + column + "::text END";
    }

    private ReversibleMask mask(BadInput bad, String name) {
        PipelineSpec spec = assembly(bad.pipeline()).spec();
        Column column = spec.columns().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return (ReversibleMask) Objects.requireNonNull(
                Mappers.mask(spec, column, KeysetFile.at(playground.keys).read()));
    }

    /** Each rejected case once, found by its original, which is thereby proved to be kept to the byte. */
    private void checkQuarantine(List<BadInput> cases) {
        Map<String, String> verdicts = new HashMap<>();
        Sealer sealer = KeysetFile.at(playground.keys).read().sealer();
        for (String row : playground.query("SELECT concat_ws('|', pipeline, message_id, encode(original, 'hex'),"
                + " reason || coalesce(' in ' || column_name, ''), protection) FROM sluice.quarantine")) {
            String[] parts = row.split("\\|", -1);
            byte[] original = sealer.unseal(
                    HexFormat.of().parseHex(parts[2]),
                    new Original.Binding(parts[0], parts[1], parts[4]).associatedData());
            assertThat(verdicts.put(HexFormat.of().formatHex(original), parts[3]))
                    .isNull();
        }
        for (BadInput bad : cases) {
            List<String> found = bad.originals().stream()
                    .map(original -> verdicts.remove(HexFormat.of().formatHex(original)))
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(found).as(bad.toString()).isEqualTo(bad.isStored() ? List.of() : List.of(bad.verdict()));
        }
        assertThat(verdicts).isEmpty();
    }

    private void checkPrivacy(Ran run, List<BadInput> cases) {
        Ran list = playground.sluice("quarantine", "list", "--limit", "1000").succeeded();
        String clear = String.join(
                "\n", playground.query("SELECT to_jsonb(q) - 'original' - 'sealed' FROM sluice.quarantine q"));
        List<String> places = new ArrayList<>(List.of(run.out(), run.err(), list.out(), list.err(), clear));
        // A call each would take minutes: what show tells beyond the table, of which all is here, is the shape.
        cases.stream()
                .filter(bad -> !bad.isStored())
                .flatMap(bad -> bad.originals().stream())
                .forEach(original -> places.add(JsonShape.of(original)));
        playground
                .query("SELECT min(id) FROM sluice.quarantine GROUP BY reason")
                .forEach(id -> {
                    Ran show = playground.sluice("quarantine", "show", id).succeeded();
                    places.add(show.out() + show.err());
                });
        String all = String.join("\n", places);

        assertThat(all).contains("quarantined").doesNotContain("case-", "593-47-5928", "198.51.100.7");
        cases.stream()
                .filter(bad -> !bad.isStored())
                .forEach(bad -> assertThat(values(bad)).as(bad.toString()).noneMatch(all::contains));
    }

    private static List<String> values(BadInput bad) {
        return VALUE.matcher(new String(bad.body(), UTF_8))
                .results()
                .map(found -> found.group())
                .distinct()
                .limit(100)
                .toList();
    }

    private static Assembly assembly(String pipeline) {
        return new Assembly(SettingsReader.read(
                Map.of(Setting.PIPELINE, BadInputs.file(pipeline).toString()), null, Map.of()));
    }
}
