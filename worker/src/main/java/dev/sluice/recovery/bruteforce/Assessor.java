package dev.sluice.recovery.bruteforce;

import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.failure.ShutdownSignal;
import dev.sluice.mapping.PipelineSpec.Sink;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import dev.sluice.recovery.bruteforce.Assessment.Attack;
import dev.sluice.recovery.rewrap.ProgressListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a sample of a table as a stranger would who has a copy of it: reads what is in clear, and tries a part of the
 * small spaces against what looks like a plain hash. Reads only, and gives out no value. Used once.
 */
public final class Assessor {

    private final Database database;
    private final Sink table;
    private final @Nullable String column;
    private final Duration time;
    private final int threads;

    /**
     * @param table any table or view
     * @param column the only one to look at; null for every column of text, addresses or bytes
     * @param time for trying, over all spaces
     */
    public Assessor(Database database, Sink table, @Nullable String column, Duration time, int threads) {
        this.database = database;
        this.table = table;
        this.column = column;
        this.time = time;
        this.threads = threads;
    }

    /**
     * Blocks for about the time that was given, or until stopped.
     *
     * @return one for each column, in the table's order
     * @throws InfrastructureException CONFIG when there is no such table or column; else when it cannot be read
     */
    public List<Assessment> run(ShutdownSignal stop, ProgressListener watcher) {
        Map<String, List<String>> samples = Sample.of(database, Identifiers.quoted(database.located(table)), column);
        if (samples.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + table.qualifiedName() + " does not exist (or not on the search path), or has no such"
                            + " column of text, addresses or bytes");
        }
        List<Tried> tried = attack(samples.values(), stop, watcher);
        List<Assessment> assessments = new ArrayList<>();
        samples.forEach((name, values) -> assessments.add(assess(name, values, tried)));
        return assessments;
    }

    private List<Tried> attack(Collection<List<String>> samples, ShutdownSignal stop, ProgressListener watcher) {
        Map<HashAlgorithm, Set<Long>> hashes = new EnumMap<>(HashAlgorithm.class);
        samples.forEach(values -> values.forEach(value -> {
            HashAlgorithm algorithm = ValueForm.of(value).algorithm();
            if (algorithm != null) {
                hashes.computeIfAbsent(algorithm, first -> new HashSet<>()).add(key(value));
            }
        }));
        List<CandidateSpace> spaces = List.of(CandidateSpace.numbers(), CandidateSpace.ipv4());
        List<Tried> tried = new ArrayList<>();
        Duration each = hashes.isEmpty() ? time : time.dividedBy((long) hashes.size() * spaces.size());
        hashes.forEach((algorithm, keys) ->
                spaces.forEach(space -> tried.add(attack(algorithm, space, keys, each, stop, watcher))));
        return tried;
    }

    private Tried attack(
            HashAlgorithm algorithm,
            CandidateSpace space,
            Set<Long> keys,
            Duration duration,
            ShutdownSignal stop,
            ProgressListener watcher) {
        HashIndex index = new HashIndex(keys.stream().mapToLong(Long::longValue).toArray());
        // Any beginning is as good, and the same each time makes two calls comparable.
        long offset = new SplittableRandom(space.size()).nextLong(space.size());
        watcher.began(algorithm.label() + " of " + space.label(), space.size());
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        long tried = new BruteForceSearch(space, algorithm, index, BruteForceSearch.Order.spread(space.size(), offset))
                .run(threads, stop, () -> System.nanoTime() - end > 0, watcher::reached);
        return new Tried(algorithm, space, index, tried, (System.nanoTime() - began) / 1e9);
    }

    private static Assessment assess(String name, List<String> values, List<Tried> tried) {
        Map<ValueForm, Integer> forms = new EnumMap<>(ValueForm.class);
        Map<HashAlgorithm, List<Long>> hashes = new HashMap<>();
        int readable = 0;
        for (String value : values) {
            ValueForm form = ValueForm.of(value);
            forms.merge(form, 1, Integer::sum);
            readable += form.isClear() ? 1 : 0;
            HashAlgorithm algorithm = form.algorithm();
            if (algorithm != null) {
                hashes.computeIfAbsent(algorithm, first -> new ArrayList<>()).add(key(value));
            }
        }
        Map<String, Integer> labels = new TreeMap<>();
        forms.forEach((form, count) -> labels.put(form.label(), count));
        List<Attack> attacks = tried.stream()
                .filter(one -> hashes.containsKey(one.algorithm))
                .map(one -> one.on(hashes.getOrDefault(one.algorithm, List.of())))
                .toList();
        return new Assessment(name, values.size(), new HashSet<>(values).size(), labels, readable, attacks);
    }

    private static long key(String hash) {
        return HashIndex.key(Objects.requireNonNull(ValueForm.hash(hash)));
    }

    private record Tried(HashAlgorithm algorithm, CandidateSpace space, HashIndex index, long tried, double seconds) {

        Attack on(List<Long> hashes) {
            long reversed = hashes.stream()
                    .filter(hash -> !index.positions(hash).isEmpty())
                    .count();
            return new Attack(
                    algorithm.label(),
                    space.label(),
                    hashes.size(),
                    Math.toIntExact(reversed),
                    tried,
                    space.size(),
                    seconds);
        }
    }
}
