package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {

    private final List<String> closed = new ArrayList<>();
    private final Parts parts = new Parts();

    @Test
    void closesTheLastPartFirstAndEachOnce() {
        assertThat(parts.add("database", closed::add)).isEqualTo("database");
        parts.add("queue", closed::add);

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("queue", "database");
    }

    @Test
    void closesTheOthersWhenOneCannotBeClosed() {
        parts.add("database", closed::add);
        parts.add("sink", PartsTest::fail);
        parts.add("queue", PartsTest::fail);

        assertThatIllegalStateException()
                .isThrownBy(parts::close)
                .withMessage("queue")
                .satisfies(failure -> assertThat(failure).hasSuppressedException(new IllegalStateException("sink")));
        assertThat(closed).containsExactly("database");
    }

    private static void fail(String part) {
        throw new IllegalStateException(part);
    }
}
