package dev.sluice.spark;

import dev.sluice.failure.ShutdownSignal;
import dev.sluice.recovery.rewrap.PageCounts;
import dev.sluice.recovery.rewrap.PageCursor;
import dev.sluice.recovery.rewrap.PageCursor.Page;
import dev.sluice.recovery.rewrap.PageRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Rewrites the pages of a pass on executors, a task per page. A page counts once, when Spark reports its task for the first
 * time. Used by the driver.
 */
final class SparkPages implements PageRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SparkPages.class);

    /** 8 MiB: a second or more of work, so that starting tasks costs little. */
    private static final int TASK_BLOCKS = 1024;

    private static final Duration TICK = Duration.ofMillis(500);

    private final JavaSparkContext spark;
    private final RewrapPages task;
    private final ShutdownSignal stop;

    SparkPages(JavaSparkContext spark, RewrapPages task, ShutdownSignal stop) {
        this.spark = spark;
        this.task = task;
        this.stop = stop;
    }

    @Override
    public int pageBlocks() {
        return TASK_BLOCKS;
    }

    @Override
    public void run(PageCursor pages, Consumer<PageCounts> counts, Runnable tick) {
        List<Page> all = new ArrayList<>();
        for (Page page = pages.next(); page != null; page = pages.next()) {
            all.add(page);
        }
        if (all.isEmpty()) {
            return;
        }
        List<Object> partitions = IntStream.range(0, all.size())
                .<Object>mapToObj(Integer::valueOf)
                .toList();
        SimpleFutureAction<BoxedUnit> work = spark.sc()
                .submitJob(
                        spark.parallelize(all, all.size()).rdd(),
                        task,
                        CollectionConverters.asScala(partitions).toSeq(),
                        (partition, found) -> {
                            counts.accept(found);
                            pages.finish(all.get((Integer) partition));
                            return BoxedUnit.UNIT;
                        },
                        () -> BoxedUnit.UNIT);
        while (!work.isCompleted()) {
            if (stop.await(TICK)) {
                work.cancel();
                throw new IllegalStateException("interrupted");
            }
            tick.run();
        }
        tick.run();
        if (work.value().get().isFailure()) {
            LOG.error("A page failed more often than spark.task.maxFailures allows; what is committed stays.");
            throw new IllegalStateException("the work ended early; the executors' logs say why");
        }
    }
}
