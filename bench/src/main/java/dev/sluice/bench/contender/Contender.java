package dev.sluice.bench.contender;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that moves the messages of a queue into the table {@code user_logins}. */
public interface Contender {

    /** As the tables show it. */
    String name();

    /** Why it cannot run on this machine; empty if it can. Asked once, before the first run. */
    Optional<String> obstacle();

    /** Creates tables, keys and the like. Not measured. */
    void prepare(Target target) throws IOException, InterruptedException;

    /** The command of one measured process. SIGTERM ends it. */
    List<String> command(Target target);

    /** Variables of that process besides PATH and HOME. */
    Map<String, String> environment(Target target);

    /** Whether it ends with 0 once the queue is empty, if the target says so; another one gets SIGTERM. */
    default boolean endsByItself() {
        return false;
    }

    /** Whether it takes part in a scenario of that name; slow ones only where they are compared. */
    default boolean takesPart(String scenario) {
        return true;
    }

    /** Messages of a run as a share of those that the fastest contenders get: 1, or less for the slow ones. */
    default double share() {
        return 1;
    }
}
