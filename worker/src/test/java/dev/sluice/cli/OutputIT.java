package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.cli.command.Console;
import dev.sluice.cli.command.ExitCode;
import dev.sluice.output.StoredValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Holds docs/output.md to what the commands print. */
class OutputIT {

    /** What the commands below do not print, since nothing is wrong here. */
    private static final Set<String> ALTERNATIVES = Set.of("entry", "fault");

    private static final Path PAGE = Path.of("..", "docs", "output.md");

    @Test
    void csvIsForTheListsOfTheTableAndRefusedElsewhere(@TempDir Path folder) throws Exception {
        Playground playground = Playground.empty(folder);
        Set<String> lists = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        collect(new Sluice(Console.system()).commandLine(), lists, others);

        assertThat(documented().entrySet().stream()
                        .filter(row -> row.getValue().get(2).equals("yes"))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(lists);
        assertThat(others).contains("migrate", "erase", "unmask", "quarantine purge");
        for (String command : List.of("migrate", "keys create --allow-cleartext-keys", "run")) {
            assertThat(playground.sluice((command + " --output csv").split(" ")).refused(ExitCode.USAGE))
                    .as(command)
                    .contains("--output csv is for lists");
        }
        assertThat(playground.keys).doesNotExist();
        assertThat(playground.query("SELECT 1 FROM pg_namespace WHERE nspname = 'sluice'"))
                .isEmpty();
    }

    private static void collect(CommandLine command, Set<String> lists, Set<String> others) {
        String name = command.getCommandSpec().qualifiedName().replaceFirst("^sluice ?", "");
        (Sluice.printsList(command.getCommandSpec().userObject()) ? lists : others).add(name);
        command.getSubcommands().values().forEach(sub -> collect(sub, lists, others));
    }

    @Test
    void everyKeyIsInTheTable(@TempDir Path folder) throws Exception {
        Playground playground = Playground.ready(folder);
        List<String> events = new ArrayList<>(Events.sample().subList(0, 10));
        events.add(Events.login("a", "192.0.2.1", "111-22-3333"));
        events.add(Events.login("b", "192.0.2.1", "111-22-3333"));
        events.add(Events.BAD);
        String file =
                playground.write("events.ndjson", String.join("\n", events)).toString();
        Map<String, Set<String>> printed = new LinkedHashMap<>();
        run(playground, printed, "send", file);
        run(playground, printed, "check", file);
        run(playground, printed, "run", "--until-empty");
        run(playground, printed, "migrate", "--roles");
        run(playground, printed, "config show");
        run(playground, printed, "config validate");
        String tested = Path.of("..", "examples", "payments", "payments.yaml").toString();
        run(playground, printed, "pipeline validate", tested, "--sample", file);
        run(playground, printed, "pipeline test", tested);
        run(playground, printed, "keys list");
        run(playground, printed, "doctor");
        run(playground, printed, "duplicates");
        run(playground, printed, "quarantine list");
        run(playground, printed, "quarantine stats");
        String id = playground.query("SELECT id FROM sluice.quarantine").getFirst();
        run(playground, printed, "quarantine show", id, "--ticket", "T");
        run(playground, printed, "quarantine replay", "--all", "--ticket", "T");
        run(playground, printed, "quarantine purge", "--older-than", "1d", "--yes");
        run(playground, printed, "retain", "--older-than", "1d", "--dry-run");
        run(playground, printed, "erase", "--user-id", "nobody", "--ticket", "T");
        run(playground, printed, "rewrap");
        String token = playground.query("SELECT masked_ip FROM user_logins").getFirst();
        run(playground, printed, "unmask", token, "nothing", "--reason", "DSAR", "--ticket", "T");
        run(playground, printed, "unmask request", token, "--reason", "DSAR", "--ticket", "T");
        run(playground, printed, "unmask requests");
        run(playground, printed, "find", "--ip", "192.0.2.1", "--reason", "DSAR", "--ticket", "T");
        run(playground, printed, "export", "--user-id", "nobody", "--reason", "DSAR", "--ticket", "T");
        run(playground, printed, "audit list");
        run(playground, printed, "audit verify");

        Map<String, List<String>> documented = documented();
        printed.forEach(
                (command, keys) -> assertThat(documented).as(command).hasEntrySatisfying(command, row -> assertThat(
                                row.get(1).split("[,;] (then |and |or |with a ticket )*"))
                        .containsAll(keys)
                        .allMatch(key -> keys.contains(key) || ALTERNATIVES.contains(key))));
        assertThat(printed.values().stream().flatMap(Set::stream))
                .allSatisfy(key -> assertThat(key).matches("[a-z][a-z0-9_]*"));
        for (String list : List.of("config show", "keys list", "duplicates", "quarantine list", "audit list")) {
            String header = playground
                    .sluice(Stream.of(list.split(" "), new String[] {"--output", "csv"})
                            .flatMap(Stream::of)
                            .toArray(String[]::new))
                    .succeeded()
                    .lines()
                    .getFirst();
            assertThat(List.of(header.split(","))).as(list).containsExactlyElementsOf(printed.get(list));
        }
    }

    /** Adds the keys of every object that the command prints, in their order. */
    private static void run(
            Playground playground, Map<String, Set<String>> printed, String command, String... options) {
        Ran ran = playground.sluice(Stream.of(command.split(" "), options, new String[] {"--output", "json"})
                .flatMap(Stream::of)
                .toArray(String[]::new));
        Set<String> keys = new LinkedHashSet<>();
        String objects = ran.out().startsWith("{") && ran.out().contains("\n],")
                ? ran.out().replace("\n", "")
                : ran.out();
        for (String line : objects.lines().toList()) {
            if (StoredValues.json(line) instanceof Map<?, ?> object) {
                object.keySet().forEach(key -> keys.add(String.valueOf(key)));
            } else {
                fail(command + ": " + line + ran.err());
            }
        }
        printed.put(command, keys);
    }

    /** The rows of the page's first table by command; a row may name several commands. */
    private static Map<String, List<String>> documented() throws Exception {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.startsWith("| command"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Stream.of(line.substring(1).split("\\|"))
                        .map(cell -> cell.replace("`", "").strip())
                        .collect(Collectors.toList()))
                .forEach(cells -> List.of(cells.getFirst().split(", ")).forEach(command -> rows.put(command, cells)));
        return rows;
    }
}
