package dev.sluice.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Writes docs/reports/fault-matrix.md from the XML reports of {@code mvn -Pchaos verify}. A program, started from its
 * source by {@code make report} on the machine that ran the tests; it uses only the JDK.
 */
final class FaultMatrixReport {

    private static final String NOTES = "## Notes";

    private FaultMatrixReport() {}

    /** @param args the folder of the XML reports, and the file to write; its notes are kept */
    public static void main(String[] args) throws IOException {
        Path report = Path.of(args[1]);
        String previous = Files.exists(report) ? Files.readString(report) : "";
        Files.writeString(report, report(Path.of(args[0]), previous));
    }

    /**
     * @param folder of the XML reports
     * @param previous the report to replace, or an empty text
     */
    static String report(Path folder, String previous) throws IOException {
        List<Result> results = results(folder);
        if (results.isEmpty()) {
            throw new IOException("no result of the fault matrix in " + folder);
        }
        int notes = previous.indexOf(NOTES);
        return """
                # Fault matrix: last run

                Written by `make report` from the test reports of `mvn -Pchaos verify`. Repeat both to update it. Everything below
                "Notes" is kept. [guarantees.md](../guarantees.md#the-fault-matrix) says what each row tests.

                - Machine: %s, %d processors, JDK %s
                - Tests: %d, failed %d, skipped %d

                | row | test | result | seconds | date |
                |---|---|---|---|---|
                %s

                %s"""
                .formatted(
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        results.get(0).java(),
                        results.size(),
                        count(results, "red"),
                        count(results, "skipped"),
                        results.stream().map(Result::line).collect(Collectors.joining("\n")),
                        notes < 0 ? NOTES + "\n" : previous.substring(notes));
    }

    private static long count(List<Result> results, String outcome) {
        return results.stream()
                .filter(result -> result.outcome().equals(outcome))
                .count();
    }

    private static List<Result> results(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().matches("TEST-dev\\.sluice\\.faults\\..*IT\\.xml"))
                    .toList();
        }
        Map<String, Result> results = new TreeMap<>();
        for (Path file : files) {
            results(file, parse(file)).forEach(result -> results.merge(result.test(), result, Result::and));
        }
        return results.values().stream()
                .sorted(Comparator.comparingInt(Result::row))
                .toList();
    }

    private static List<Result> results(Path file, Element suite) throws IOException {
        LocalDate date = Files.getLastModifiedTime(file)
                .toInstant()
                .atZone(ZoneOffset.UTC)
                .toLocalDate();
        String java = elements(suite, "property")
                .filter(property -> property.getAttribute("name").equals("java.version"))
                .map(property -> property.getAttribute("value"))
                .findFirst()
                .orElse("unknown");
        return elements(suite, "testcase")
                .filter(test -> test.getAttribute("name").matches("row\\d\\d_.*"))
                .map(test -> Result.of(test, date, java))
                .toList();
    }

    private static Element parse(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(bytes)
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " is not a test report", e);
        }
    }

    private static Stream<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    /**
     * One test of the matrix, with all its parameters.
     *
     * @param row of the matrix
     * @param test simple name of the class and name of the method
     * @param outcome {@code green}, {@code red} or {@code skipped}
     * @param java version that ran the test
     */
    private record Result(int row, String test, String outcome, long seconds, LocalDate date, String java) {

        static Result of(Element test, LocalDate date, String java) {
            String method = test.getAttribute("name").replaceFirst("\\(.*", "");
            return new Result(
                    Integer.parseInt(method.substring(3, 5)),
                    test.getAttribute("classname").replaceFirst(".*\\.", "") + "." + method,
                    outcome(test),
                    Math.round(Double.parseDouble(test.getAttribute("time"))),
                    date,
                    java);
        }

        private static String outcome(Element test) {
            if (elements(test, "failure").findAny().isPresent()
                    || elements(test, "error").findAny().isPresent()) {
                return "red";
            }
            return elements(test, "skipped").findAny().isPresent() ? "skipped" : "green";
        }

        /** Runs of one test with different parameters count as one. */
        Result and(Result other) {
            return new Result(row, test, worse(outcome, other.outcome), seconds + other.seconds, date, java);
        }

        private static String worse(String outcome, String other) {
            return Stream.of("red", "skipped")
                    .filter(worst -> outcome.equals(worst) || other.equals(worst))
                    .findFirst()
                    .orElse("green");
        }

        String line() {
            return String.format(Locale.ROOT, "| %d | `%s` | %s | %d | %s |", row, test, outcome, seconds, date);
        }
    }
}
