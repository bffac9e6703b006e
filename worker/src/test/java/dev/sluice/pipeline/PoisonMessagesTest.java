package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two lanes, each on a thread of its own, as a place belongs to a thread. */
@Timeout(60)
class CompanyTest {

    private final Company company = new Company();
    private final ExecutorService first = Executors.newSingleThreadExecutor();
    private final ExecutorService second = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        first.shutdownNow();
        second.shutdownNow();
    }

    @Test
    void lanesWorkSideBySide() {
        Company.Place one = CompletableFuture.supplyAsync(company::join, first).join();
        Company.Place other =
                CompletableFuture.supplyAsync(company::join, second).join();

        assertThat(one).isNotSameAs(other);
    }

    @Test
    void oneIsAloneOnlyWhenTheOtherHasLeft() {
        Company.Place other =
                CompletableFuture.supplyAsync(company::join, second).join();
        CompletableFuture<Void> alone =
                CompletableFuture.runAsync(() -> company.join().beAlone(), first);

        assertThat(alone).isNotDone();
        CompletableFuture.runAsync(other::close, second).join();
        assertThat(alone).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void theOtherWaitsUntilNobodyIsAlone() {
        Company.Place one = CompletableFuture.supplyAsync(company::join, first).join();
        CompletableFuture.runAsync(one::beAlone, first).join();
        CompletableFuture<Company.Place> other = CompletableFuture.supplyAsync(company::join, second);

        assertThat(other).isNotDone();
        CompletableFuture.runAsync(one::beAmongOthers, first).join();
        assertThat(other).succeedsWithin(30, TimeUnit.SECONDS);
    }
}
