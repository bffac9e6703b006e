package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Source.Depth;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeekCommandIT {

    private Playground playground;

    @BeforeEach
    void open(@TempDir Path folder) {
        playground = Playground.ready(folder);
    }

    @Test
    void showsMaskedRowsAndGivesTheMessagesBack() {
        playground.send(Events.logins(12));

        Ran peek = playground.sluice("peek", "5").succeeded();

        assertThat(peek.lines()).hasSize(1 + 5);
        assertThat(peek.out()).contains("masked_ip", "user-", "131840").doesNotContain("198.18.", "111-22-");
        assertThat(playground.depth()).isEqualTo(new Depth(12, 0, 0));
        assertThat(playground.count("user_logins")).isZero();
    }

    @Test
    void showsTheSameTokensAsTheTableWillHold() {
        playground.send(Events.logins(1));
        String peeked = playground.sluice("peek").succeeded().out();

        playground.sluice("run", "--max-batches", "1").succeeded();

        assertThat(peeked).contains(playground.query("SELECT masked_ip FROM user_logins"));
    }

    @Test
    void saysWhatWouldBeQuarantinedAndWhy() {
        List<String> bodies = new ArrayList<>(Events.logins(2));
        bodies.add(Events.login("user-3", "198.18.0.3.9", "111-22-3333"));
        playground.send(bodies);

        Ran peek = playground.sluice("peek").succeeded();

        assertThat(peek.out())
                .containsPattern("message [0-9a-f-]{36} would be quarantined: invalid-ip in column masked_ip")
                .doesNotContain("198.18.0.3.9");
        assertThat(playground.count("sluice.quarantine")).isZero();
        assertThat(playground.depth().visible()).isEqualTo(3);
    }

    @Test
    void printsALineOfJsonPerRecord() {
        playground.send(List.of(Events.logins(1).getFirst(), Events.BAD));

        Ran peek = playground.sluice("peek", "--output", "json").succeeded();

        assertThat(peek.lines())
                .hasSize(2)
                .anyMatch(
                        line -> line.startsWith("{\"user_id\":\"user-1\",\"device_type\":\"android\",\"masked_ip\":\""))
                .anyMatch(line -> line.matches(
                        "\\{\"message\":\"[0-9a-f-]{36}\",\"rejected\":\"missing\",\"column\":\"user_id\"}"));
    }

    @Test
    void saysThatAnEmptyQueueShowsNothing() {
        Ran peek = playground.sluice("peek").succeeded();

        assertThat(peek.out()).isEmpty();
        assertThat(peek.err()).contains("The queue shows no messages.");
    }
}
