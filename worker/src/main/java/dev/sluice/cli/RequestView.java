package dev.sluice.cli;

import dev.sluice.app.Assembly;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Masks;
import dev.sluice.recovery.unmask.RecoveryRequest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request as an approver sees it: what the database knows and what the tokens say apart from what the requester says.
 * Which field a key belongs to only a keyset tells, so without one there are key ids alone.
 */
final class RequestView {

    static final List<String> HEADINGS = List.of(
            "request",
            "state",
            "requester",
            "values",
            "keys of the tokens",
            "approver",
            "requested",
            "expires",
            "approved by",
            "requester says: reason",
            "requester says: ticket",
            "requester says: columns",
            "requester says: pipeline");

    private final Optional<Keysets> keysets;

    private RequestView(Optional<Keysets> keysets) {
        this.keysets = keysets;
    }

    /** With the keys if there are some: approving needs none, so keys that cannot be read are only complained of. */
    static RequestView of(Assembly assembly, Console console) {
        if (assembly.settings().text(Setting.KEYS) == null) {
            return new RequestView(Optional.empty());
        }
        try {
            return new RequestView(Optional.of(assembly.keysets()));
        } catch (KeysException unreadable) {
            return without(console, unreadable.getMessage());
        } catch (InfrastructureException unreadable) {
            return without(console, unreadable.getMessage());
        }
    }

    private static RequestView without(Console console, String why) {
        console.err().println("sluice: fields are not shown: " + why);
        return new RequestView(Optional.empty());
    }

    /** One for each of {@link #HEADINGS}. */
    List<@Nullable Object> cells(RecoveryRequest request) {
        return Arrays.<@Nullable Object>asList(
                request.id(),
                request.stage().name().toLowerCase(Locale.ROOT),
                request.requester(),
                request.values(),
                keys(request),
                request.approver(),
                request.requestedAt(),
                request.expiresAt(),
                request.approvedBy(),
                request.reason(),
                request.ticket(),
                String.join(", ", request.columns()),
                request.pipeline());
    }

    /** For who is to approve it: a line a member, and where tokens and words differ, a line on that. */
    String lines(RecoveryRequest request) {
        JsonLine line = new JsonLine();
        List<@Nullable Object> cells = cells(request);
        for (int i = 0; i < cells.size(); i++) {
            line.put(HEADINGS.get(i), cells.get(i));
        }
        return line.lines() + difference(request).map(told -> "\n" + told).orElse("");
    }

    JsonLine json(RecoveryRequest request) {
        Map<String, Object> says = new LinkedHashMap<>();
        says.put("reason", request.reason());
        says.put("ticket", request.ticket());
        says.put("columns", request.columns());
        says.put("pipeline", request.pipeline());
        return new JsonLine()
                .put("request", request.id())
                .put("state", request.stage().name().toLowerCase(Locale.ROOT))
                .put("requester", request.requester())
                .put("values", request.values())
                .put(
                        "keys",
                        request.keys().entrySet().stream()
                                .map(key -> member(key.getKey(), key.getValue()))
                                .toList())
                .put("approver", request.approver())
                .put("requested", request.requestedAt())
                .put("expires", request.expiresAt())
                .put("approved_by", request.approvedBy())
                .put("requester_says", says)
                .put("differs", difference(request).orElse(null));
    }

    private Map<String, @Nullable Object> member(String key, int values) {
        Map<String, @Nullable Object> member = new LinkedHashMap<>();
        member.put("key", key);
        member.put("values", values);
        member.put("field", field(key).orElse(null));
        return member;
    }

    private String keys(RecoveryRequest request) {
        return request.keys().entrySet().stream()
                .map(key -> key.getValue() + " of " + key.getKey()
                        + (keysets.isEmpty() ? "" : " (" + field(key.getKey()).orElse("not in this keyset") + ")"))
                .collect(Collectors.joining(", "));
    }

    private Optional<String> field(String key) {
        return keysets.flatMap(known -> known.find(Integer.parseUnsignedInt(key, 16)))
                .map(KeyInfo::field);
    }

    /** What the tokens are of and what the requester says they are of; empty when that is one, or nobody can tell. */
    private Optional<String> difference(RecoveryRequest request) {
        if (keysets.isEmpty()) {
            return Optional.empty();
        }
        Set<String> said = new HashSet<>();
        request.columns().forEach(column -> said.add(Masks.field(request.pipeline(), column)));
        Set<String> found = new TreeSet<>();
        request.keys().keySet().forEach(key -> found.add(field(key).orElse("an unknown key " + key)));
        return found.equals(said)
                ? Optional.empty()
                : Optional.of("The tokens are of " + String.join(", ", found)
                        + ": that is not what the requester says. Ask before you approve.");
    }
}
