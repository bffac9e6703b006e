package dev.sluice.recovery.rewrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PageCursorTest {

    private static final Partition A = new Partition(1, "a", 70);
    private static final Partition EMPTY = new Partition(2, "b", 0);
    private static final Partition C = new Partition(3, "c", 10);

    private final PageCursor frontier = new PageCursor(List.of(A, EMPTY, C), Map.of(), 32);

    @Test
    void handsOutEachBlockOnceAndNoPageAcrossTables() {
        List<BlockRange> pages = new ArrayList<>();
        for (BlockRange page = frontier.next(); page != null; page = frontier.next()) {
            pages.add(page);
        }

        assertThat(pages)
                .containsExactly(
                        new BlockRange(A, 0, 32),
                        new BlockRange(A, 32, 64),
                        new BlockRange(A, 64, 70),
                        new BlockRange(C, 0, 10));
        assertThat(frontier.total()).isEqualTo(80);
    }

    @Test
    void marksNothingAsDoneBehindAPageThatIsNot() {
        BlockRange first = Objects.requireNonNull(frontier.next());
        BlockRange second = Objects.requireNonNull(frontier.next());
        frontier.finished(second);
        assertThat(frontier.marks()).containsEntry(1L, 0L).containsEntry(3L, 0L);

        frontier.finished(first);
        assertThat(frontier.marks()).containsEntry(1L, 64L);
        assertThat(frontier.done()).isEqualTo(64);
    }

    @Test
    void goesOnWhereItWas() {
        PageCursor resumed = new PageCursor(List.of(A, C), Map.of(1L, 64L, 3L, 99L), 32);

        assertThat(resumed.total()).isEqualTo(6);
        assertThat(resumed.next()).isEqualTo(new BlockRange(A, 64, 70));
        assertThat(resumed.next()).isNull();
    }
}
