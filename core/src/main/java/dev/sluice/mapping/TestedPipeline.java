package dev.sluice.mapping;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.ColumnType.Simple;
import dev.sluice.mapping.PipelineSpec.Column;
import java.util.List;

/** A pipeline with the tests of its file. Immutable. */
public final class TestedPipeline {

    private final PipelineSpec spec;
    private final List<TestCase> tests;

    /** @param tests in the file's order; empty if it has none */
    TestedPipeline(PipelineSpec spec, List<TestCase> tests) {
        this.spec = spec;
        this.tests = List.copyOf(tests);
    }

    /** The pipeline. */
    public PipelineSpec spec() {
        return spec;
    }

    /** Whether the file has any. */
    public boolean hasTests() {
        return !tests.isEmpty();
    }

    /**
     * Runs the tests.
     *
     * @param keysets all keys that the pipeline needs; any will do
     * @return one result for each test, in the file's order
     * @throws dev.sluice.keys.KeysException as {@link Mappers#compile}
     */
    public List<TestResult> run(Keysets keysets) {
        return new TestRun(spec, Mappers.compile(spec, keysets), Mappers.compile(unmasked(), keysets), tests).results();
    }

    /**
     * The pipeline with every mask removed: from the same message it makes the values that the masks get. Its rows never
     * leave {@link TestRun}.
     */
    private PipelineSpec unmasked() {
        return new PipelineSpec(
                spec.name(),
                spec.version(),
                spec.source(),
                spec.sink(),
                spec.columns().stream().map(TestedPipeline::unmasked).toList(),
                spec.tenants());
    }

    /** A clear text may be wider than what is left of it. */
    private static Column unmasked(Column column) {
        return column.mask() == null
                ? column
                : new Column(
                        column.name(),
                        column.from(),
                        column.fromAttribute(),
                        Simple.TEXT,
                        column.required(),
                        column.fallback(),
                        column.convert(),
                        null,
                        null);
    }
}
