package dev.sluice.recovery.bruteforce;

import dev.sluice.bulk.WorkerPool;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.mapping.PipelineSpec.Sink;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.db.Identifiers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a sample of a table like a stranger with a copy of it: reads what is in clear, and tries a part of the small
 * candidate spaces against what looks like a plain hash. Only reads, and returns no value. Used once.
 */
public final class Assessor {

    private final Database database;
    private final Sink table;
    private final @Nullable String column;
    private final Duration time;

    /**
     * @param table any table or view
     * @param column the only one to look at; null for every column of text, addresses or bytes
     * @param time for trying, over all spaces
     */
    public Assessor(Database database, Sink table, @Nullable String column, Duration time) {
        this.database = database;
        this.table = table;
        this.column = column;
        this.time = time;
    }

    /**
     * Blocks for about the given time, or until stopped.
     *
     * @return one per column, in the table's order
     * @throws InfrastructureException CONFIG if there is no such table or column; else if it cannot be read
     */
    public List<Assessment> run(WorkerPool pool) {
        Map<String, List<String>> samples =
                TableSample.of(database, Identifiers.quoted(database.located(table)), column);
        if (samples.isEmpty()) {
            throw new InfrastructureException(
                    Kind.CONFIG,
                    "table " + table.qualifiedName() + " does not exist (or is not on the search path), or has no such"
                            + " column of text, addresses or bytes");
        }
        List<Search> searches = search(samples.values(), pool);
        List<Assessment> assessments = new ArrayList<>();
        samples.forEach((name, values) -> assessments.add(assess(name, values, searches)));
        return assessments;
    }

    private List<Search> search(Collection<List<String>> samples, WorkerPool pool) {
        Map<HashAlgorithm, List<Long>> hashes =
                hashes(samples.stream().flatMap(List::stream).toList());
        List<CandidateSpace> spaces = List.of(CandidateSpace.numbers(), CandidateSpace.ipv4());
        List<Search> searches = new ArrayList<>();
        Duration each = hashes.isEmpty() ? time : time.dividedBy((long) hashes.size() * spaces.size());
        hashes.forEach(
                (algorithm, keys) -> spaces.forEach(space -> searches.add(search(algorithm, space, keys, each, pool))));
        return searches;
    }

    private static Search search(
            HashAlgorithm algorithm, CandidateSpace space, List<Long> keys, Duration duration, WorkerPool pool) {
        HashIndex index = new HashIndex(
                keys.stream().mapToLong(Long::longValue).distinct().toArray());
        // Any offset will do; always the same one makes two calls comparable.
        long offset = new SplittableRandom(space.size()).nextLong(space.size());
        long began = System.nanoTime();
        long tried = new BruteForceSearch(space, algorithm, index, TrialOrder.spread(space.size(), offset))
                .run(
                        pool,
                        algorithm.label() + " of " + space.label(),
                        () -> System.nanoTime() - began > duration.toNanos());
        return new Search(algorithm, space, index, tried, (System.nanoTime() - began) / 1e9);
    }

    private static Assessment assess(String name, List<String> values, List<Search> searches) {
        Map<String, Integer> forms = new TreeMap<>();
        int readable = 0;
        for (String value : values) {
            ValueForm form = ValueForm.of(value);
            forms.merge(form.label(), 1, Integer::sum);
            readable += form.isClear() ? 1 : 0;
        }
        Map<HashAlgorithm, List<Long>> hashes = hashes(values);
        List<Attack> attacks = searches.stream()
                .filter(search -> hashes.containsKey(search.algorithm))
                .map(search -> search.attack(hashes.getOrDefault(search.algorithm, List.of())))
                .toList();
        return new Assessment(name, values.size(), new HashSet<>(values).size(), forms, readable, attacks);
    }

    /** The keys of the values that look like hashes. */
    private static Map<HashAlgorithm, List<Long>> hashes(List<String> values) {
        Map<HashAlgorithm, List<Long>> hashes = new EnumMap<>(HashAlgorithm.class);
        for (String value : values) {
            HashAlgorithm algorithm = ValueForm.of(value).algorithm();
            if (algorithm != null) {
                long key = HashIndex.key(Objects.requireNonNull(ValueForm.hash(value)));
                hashes.computeIfAbsent(algorithm, first -> new ArrayList<>()).add(key);
            }
        }
        return hashes;
    }

    private record Search(HashAlgorithm algorithm, CandidateSpace space, HashIndex index, long tried, double seconds) {

        /** The search's result for one column. */
        Attack attack(List<Long> hashes) {
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
