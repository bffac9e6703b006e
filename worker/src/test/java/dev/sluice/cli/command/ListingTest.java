package dev.sluice.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Setting;
import dev.sluice.config.Settings;
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

    private static final String LONG = "x".repeat(30);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Listing<String> listing = new Listing<String>()
            .column("name", name -> name)
            .column("its length", "length", String::length)
            .text("for people", name -> "")
            .json("for programs", name -> null);

    @Test
    void printsATableForPeople() {
        listing.print(program(false, false), List.of("a"));

        assertThat(printed()).containsExactly("  name  its length  for people", "  a     1");
    }

    @Test
    void printsOneJsonObjectPerRowForPrograms() {
        listing.print(program(true, false), List.of("a", "bc"));

        assertThat(printed())
                .containsExactly(
                        "{\"name\":\"a\",\"length\":1,\"for programs\":null}",
                        "{\"name\":\"bc\",\"length\":2,\"for programs\":null}");
    }

    @Test
    void shortensLongValuesOnATerminalOnly() {
        listing.print(program(false, false), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(LONG);

        out.reset();
        listing.print(program(false, true), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(LONG);

        out.reset();
        listing.whole().print(program(false, true), List.of(LONG));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(LONG);
    }

    @Test
    void describesOneRowWithALinePerColumnThatHasAValue() {
        assertThat(Listing.ofRows(List.of("id", "column", "reason")).lines(Arrays.asList(7, null, "missing")))
                .isEqualTo("id                7\nreason            missing");
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Program program(boolean json, boolean interactive) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console console = new Console(InputStream.nullInputStream(), stream, stream, Map.of(), interactive);
        return new Program() {
            @Override
            public Console console() {
                return console;
            }

            @Override
            public boolean json() {
                return json;
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
