package dev.sluice.recovery.rewrap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.recovery.rewrap.PageCursor.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PageCursorTest {

    private static final Partition A = new Partition(1, "a", 70);
    private static final Partition EMPTY = new Partition(2, "b", 0);
    private static final Partition C = new Partition(3, "c", 10);

    private final PageCursor cursor = new PageCursor(List.of(A, EMPTY, C), Map.of(), 32);

    @Test
    void returnsEachBlockOnceAndNoPageAcrossTables() {
        List<Page> pages = new ArrayList<>();
        for (Page page = cursor.next(); page != null; page = cursor.next()) {
            pages.add(page);
        }

        assertThat(pages)
                .containsExactly(new Page(A, 0, 32), new Page(A, 32, 64), new Page(A, 64, 70), new Page(C, 0, 10));
        pages.forEach(cursor::finish);
        assertThat(cursor.done()).isEqualTo(80);
    }

    @Test
    void marksNothingAsDoneAfterAnUnfinishedPage() {
        Page first = Objects.requireNonNull(cursor.next());
        Page second = Objects.requireNonNull(cursor.next());
        cursor.finish(second);
        assertThat(cursor.marks()).containsEntry(1L, 0L).containsEntry(3L, 0L);

        cursor.finish(first);
        assertThat(cursor.marks()).containsEntry(1L, 64L);
        assertThat(cursor.done()).isEqualTo(64);
    }

    @Test
    void resumesAtTheMarks() {
        PageCursor resumed = new PageCursor(List.of(A, C), Map.of(1L, 64L, 3L, 99L), 32);

        assertThat(resumed.next()).isEqualTo(new Page(A, 64, 70));
        assertThat(resumed.next()).isNull();
    }
}
