package dev.sluice.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.mapping.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The JSON Schema as an editor uses it. */
class PipelineSchemaDocsTest {

    private static final Path FILE = Document.root().resolve("docs/pipeline.schema.json");

    @Test
    void publishedSchemaIsTheGeneratedOne() throws IOException {
        assertThat(Files.readString(FILE))
                .as("update it: bin/sluice pipeline schema > docs/pipeline.schema.json")
                .isEqualTo(InProcess.run(Map.of(), "pipeline", "schema").out());
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void everyPipelineOfTheRepositoryFits(String pipeline) {
        assertThat(errors(Pipelines.text(pipeline))).isEmpty();
    }

    static Stream<String> pipelines() throws IOException {
        try (Stream<Path> examples = Files.walk(Document.root().resolve("examples"))) {
            List<String> files = examples.map(Path::toString)
                    .filter(file -> file.endsWith(".yaml") && !file.endsWith("sluice.yaml"))
                    .toList();
            return Stream.concat(Pipelines.BUILT_IN.stream(), files.stream());
        }
    }

    @Test
    void everySnippetOfTheDocsFits() {
        List<String> snippets = Document.read("docs/pipelines.md").blocks("yaml").stream()
                .filter(snippet -> snippet.startsWith("pipeline:"))
                .toList();

        assertThat(snippets).isNotEmpty().allSatisfy(snippet -> assertThat(errors(snippet))
                .isEmpty());
    }

    @Test
    void aVariableMayStandForAnyText() {
        assertThat(
                        errors(
                                """
                        pipeline: p
                        source: { queue: "${QUEUE}" }
                        sink: { table: "${SCHEMA:-web}.clicks" }
                        columns: { a: { from: f, type: "varchar(${WIDTH})" } }
                        """))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pipeline: P\nsource: { queue: q }\nsink: { table: t }\ncolumns: { a: { from: f, type: text } }",
                "source: { queue: q }\nsink: { table: t }\ncolumns: { a: { from: f, type: text } }",
                "pipeline: p\nsource: { queue: q }\nsink: { table: t }\ncolumns: { a: { from: f, type: string } }",
                "pipeline: p\nsource: { queue: q, unwarp: sns }\nsink: { table: t }\ncolumns: { a: { from: f, type: text } }",
                "pipeline: p\nsource: { queue: q, unwrap: sqs }\nsink: { table: t }\ncolumns: { a: { from: f, type: text } }",
                "pipeline: p\nsource: { queue: q }\nsink: { table: t }\ncolumns: { A: { from: f, type: text } }",
                "pipeline: p\nsource: { queue: q }\nsink: { table: t }\ncolumns: {}",
                "pipeline: p\nsource: { queue: q }\nsink: { table: t }\ncolumns: { a: { from: f, type: text, mask: {} } }"
            })
    void anEditorMarksWhatTheReaderRefuses(String yaml) {
        assertThat(errors(yaml)).isNotEmpty();
    }

    private static List<Error> errors(String yaml) {
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(InProcess.run(Map.of(), "pipeline", "schema").out());
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode json = new ObjectMapper().valueToTree(document);
        return schema.validate(json);
    }
}
