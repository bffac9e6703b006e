package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
import dev.sluice.output.JsonLine;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListingTest {

    private static final String LONG = "x".repeat(130);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Listing<String> listing = new Listing<String>()
            .column("name", name -> name)
            .column("its length", "length", String::length)
            .text("for people", name -> "")
            .json("for programs", name -> null);

    @Test
    void printsATableForPeople() {
        listing.print(program(OutputFormat.text, false), List.of("a"));

        assertThat(printed()).containsExactly("  name  its length  for people", "  a     1");
    }

    @Test
    void printsOneJsonObjectPerRowForPrograms() {
        listing.print(program(OutputFormat.json, false), List.of("a", "bc"));

        assertThat(printed())
                .containsExactly(
                        "{\"name\":\"a\",\"length\":1,\"for programs\":null}",
                        "{\"name\":\"bc\",\"length\":2,\"for programs\":null}");
    }

    @Test
    void shortensLongValuesOnATerminalOnly() {
        listing.print(program(OutputFormat.text, false), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(LONG);

        out.reset();
        listing.print(program(OutputFormat.text, true), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(LONG);

        out.reset();
        listing.whole().print(program(OutputFormat.text, true), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(LONG);
    }

    @Test
    void printsCsvUnderTheKeysOfJson() {
        listing.print(program(OutputFormat.csv, false), List.of("a", "bc"));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("name,length,for programs\r\na,1,\r\nbc,2,\r\n");
    }

    @Test
    void csvTellsNullFromAnEmptyTextAndQuotesByTheRfc() {
        Listing.ofRows(List.of("a", "b", "c", "d", "e"))
                .print(
                        program(OutputFormat.csv, false),
                        List.of(Arrays.asList(null, "", "say \"hi\", all", "two\nlines", " ")));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("a,b,c,d,e\r\n,\"\",\"say \"\"hi\"\", all\",\"two\nlines\",\" \"\r\n");
    }

    @Test
    void csvKeepsSpreadsheetsFromRunningAValueAndReportsIt() {
        Listing.ofRows(List.of("text", "number"))
                .print(
                        program(OutputFormat.csv, false),
                        List.of(
                                List.of("=HYPERLINK(\"http://x\")", -1),
                                List.of("@SUM(1)", 2),
                                List.of("-5", -5),
                                List.of("a=b", 0)));

        assertThat(printed())
                .startsWith("text,number", "\"'=HYPERLINK(\"\"http://x\"\")\",-1", "'@SUM(1),2", "'-5,-5", "a=b,0")
                .last()
                .asString()
                .startsWith("sluice: texts that begin with = + - @")
                .contains(": 3. ", "--output json")
                .doesNotContain("HYPERLINK");
    }

    @Test
    void csvHoldsObjectsAndListsAsJson() {
        Listing.ofRows(List.of("object", "list"))
                .print(
                        program(OutputFormat.csv, false),
                        List.of(List.of(new JsonLine().put("a", 1), List.of("x", "y"))));

        assertThat(printed()).containsExactly("object,list", "\"{\"\"a\"\":1}\",\"[\"\"x\"\",\"\"y\"\"]\"");
    }

    @Test
    void csvIsExactInAFileAndEscapedOnATerminal() {
        List<List<String>> rows = List.of(List.of("a\u001b[2Jb"));

        Listing.ofRows(List.of("text")).print(program(OutputFormat.csv, false), rows);
        assertThat(printed()).containsExactly("text", "a\u001b[2Jb");

        out.reset();
        Listing.ofRows(List.of("text")).print(program(OutputFormat.csv, true), rows);
        assertThat(printed()).containsExactly("text", "a\\u{1b}[2Jb");
    }

    @Test
    void printsALongListInPagesUnderTheirOwnHeadings() {
        listing.print(program(OutputFormat.text, false), row -> {
            for (int i = 0; i < 1_001; i++) {
                row.accept("a");
            }
        });

        assertThat(printed()).hasSize(1_003);
        assertThat(printed().get(1_001)).startsWith("  name");
    }

    @Test
    void describesOneRowWithALinePerColumnThatHasAValue() {
        assertThat(Listing.ofRows(List.of("id", "column", "reason")).lines(Arrays.asList(7, null, "missing")))
                .isEqualTo("id                7\nreason            missing");
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Program program(OutputFormat format, boolean interactive) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = new Console(InputStream.nullInputStream(), stream, stream, Map.of(), interactive);
        return new Program() {
            @Override
            public Console console() {
                return console;
            }

            @Override
            public OutputFormat format() {
                return format;
            }

            @Override
            public Settings settings() {
                throw new AssertionError("a listing reads no settings");
            }

            @Override
            public Settings settings(Map<String, String> environment, Set<Setting> allowed) {
                throw new AssertionError("a listing reads no settings");
            }
        };
    }
}
