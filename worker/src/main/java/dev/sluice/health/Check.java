package dev.sluice.health;

import dev.sluice.http.Response;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A line of a health answer.
 *
 * @param name one word
 * @param isGood whether it passed
 * @param text for people, without values
 */
record Check(String name, boolean isGood, String text) {

    /** 200 if all are good, else 503; a line each. */
    static Response answer(List<Check> checks) {
        boolean good = checks.stream().allMatch(Check::isGood);
        return Response.text(good ? 200 : 503, checks.stream().map(Check::line).collect(Collectors.joining("\n")));
    }

    private String line() {
        return (isGood ? "ok   " : "fail ") + name + ": " + text;
    }
}
