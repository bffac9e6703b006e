package dev.sluice.recovery.bruteforce;

import dev.sluice.bulk.ProgressListener;
import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.ShutdownSignal;
import java.lang.management.ManagementFactory;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.DoubleStream;

/**
 * Prints what a search costs beside hashing alone: the tables of docs/reports/brute-force.md. A program, not a test,
 * because a build must not fail when its machine is busy. Takes the seconds per measurement and the number of rounds; the
 * variants take turns, so that whatever else the machine does hits all of them.
 */
final class SearchRate {

    /** An address of usual length. */
    private static final int BARE_LENGTH = 13;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    private static final String BARE = "hashing alone";

    private SearchRate() {}

    public static void main(String[] args) {
        double seconds = Double.parseDouble(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Map<String, LongSupplier> variants = variants(seconds);
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, LongSupplier> variant : variants.entrySet()) {
                Cost cost = Cost.of(variant.getValue());
                if (round >= 0) {
                    costs.computeIfAbsent(variant.getKey(), first -> new ArrayList<>())
                            .add(cost);
                }
            }
        }
        print(costs);
    }

    /** What to run by its name; each returns how many texts it tried. */
    private static Map<String, LongSupplier> variants(double seconds) {
        Map<String, LongSupplier> variants = new LinkedHashMap<>();
        variants.put(BARE, () -> hashOnly(seconds));
        for (CandidateSpace space : List.of(CandidateSpace.ipv4(), CandidateSpace.numbers())) {
            for (int hashes : new int[] {1_000, 100_000, 1_000_000, 10_000_000}) {
                // None of them is in the space, so that no search ends early.
                HashIndex index =
                        new HashIndex(new SplittableRandom(hashes).longs(hashes).toArray());
                variants.put(
                        String.format(Locale.ROOT, "`%s`, %,d hashes", space.label(), hashes),
                        () -> search(space, index, TrialOrder.ascending(space.size()), seconds));
            }
        }
        CandidateSpace all = CandidateSpace.ipv4();
        HashIndex sample = new HashIndex(new SplittableRandom(1).longs(10_000).toArray());
        variants.put(
                "`ipv4`, 10,000 hashes, as `assess` does",
                () -> search(all, sample, TrialOrder.spread(all.size(), 1), seconds));
        return variants;
    }

    private static long search(CandidateSpace space, HashIndex index, TrialOrder order, double seconds) {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        return new BruteForceSearch(space, HashAlgorithm.SHA256, index, order)
                .run(pool(), "texts", () -> System.nanoTime() > until);
    }

    /** The same text over and over: no rendering, no look-up. */
    private static long hashOnly(double seconds) {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        AtomicLong tried = new AtomicLong();
        ThreadLocal<MessageDigest> digests = ThreadLocal.withInitial(HashAlgorithm.SHA256::digest);
        pool().run(
                        "texts",
                        1,
                        () -> {
                            tried.addAndGet(hashSlice(digests.get()));
                            return System.nanoTime() <= until;
                        },
                        tried::get);
        return tried.get();
    }

    private static int hashSlice(MessageDigest digest) {
        int slice = 1 << 14;
        byte[] text = new byte[CandidateSpace.ROOM];
        byte[] hash = new byte[HashAlgorithm.SHA256.bytes()];
        try {
            for (int i = 0; i < slice; i++) {
                digest.update(text, 0, BARE_LENGTH);
                digest.digest(hash, 0, hash.length);
            }
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
        return slice;
    }

    private static WorkerPool pool() {
        return new WorkerPool(THREADS, new ShutdownSignal(), new Quiet());
    }

    private static void print(Map<String, List<Cost>> costs) {
        double bare = median(Objects.requireNonNull(costs.get(BARE)).stream().mapToDouble(Cost::cpuNanos));
        System.out.println("| search | ns of processor time per text | to hashing alone | million texts per second |");
        System.out.println("|---|---|---|---|");
        costs.forEach((name, each) -> {
            double[] cpu = each.stream().mapToDouble(Cost::cpuNanos).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f (%.1f to %.1f) | %.2f | %.1f |%n",
                    name,
                    median(Arrays.stream(cpu)),
                    cpu[0],
                    cpu[cpu.length - 1],
                    median(Arrays.stream(cpu)) / bare,
                    1e3 / median(each.stream().mapToDouble(Cost::nanos)));
        });
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /**
     * Of one text.
     *
     * @param cpuNanos processor time of the whole process, which others on the machine hardly disturb
     * @param nanos time on the clock
     */
    private record Cost(double cpuNanos, double nanos) {

        private static final com.sun.management.OperatingSystemMXBean PROCESS =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

        static Cost of(LongSupplier variant) {
            long cpu = PROCESS.getProcessCpuTime();
            long began = System.nanoTime();
            double texts = variant.getAsLong();
            return new Cost((PROCESS.getProcessCpuTime() - cpu) / texts, (System.nanoTime() - began) / texts);
        }
    }

    private static final class Quiet implements ProgressListener {

        @Override
        public void began(String unit, long total) {}

        @Override
        public void reached(long done) {}

        @Override
        public void noted(String sentence) {}
    }
}
