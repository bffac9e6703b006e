package dev.sluice.cli.recovery;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.Listing;
import dev.sluice.config.Setting;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Masks;
import dev.sluice.output.JsonLine;
import dev.sluice.recovery.unmask.RecoveryRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows requests as an approver needs them: what the database and the tokens prove, apart from what the requester claims.
 * Without a keyset, keys are shown without their fields.
 */
final class RequestListing {

    private final Optional<Keysets> keysets;

    private RequestListing(Optional<Keysets> keysets) {
        this.keysets = keysets;
    }

    /**
     * With the keys, if there are any. Approving needs none, so keys that cannot be read are only reported.
     *
     * @param problem receives that report
     */
    static RequestListing of(Assembly assembly, Consumer<String> problem) {
        if (assembly.settings().text(Setting.KEYS) == null) {
            return new RequestListing(Optional.empty());
        }
        try {
            return new RequestListing(Optional.of(assembly.keysets()));
        } catch (KeysException unreadable) {
            problem.accept("fields are not shown: " + unreadable.getMessage());
        } catch (InfrastructureException unreadable) {
            problem.accept("fields are not shown: " + unreadable.getMessage());
        }
        return new RequestListing(Optional.empty());
    }

    Listing<RecoveryRequest> listing() {
        return new Listing<RecoveryRequest>()
                .column("request", RecoveryRequest::id)
                .column("state", request -> request.stage().name().toLowerCase(Locale.ROOT))
                .column("requester", RecoveryRequest::requester)
                .column("values", RecoveryRequest::values)
                .text("keys of the tokens", this::keys)
                .json("keys", this::keyMembers)
                .column("approver", RecoveryRequest::approver)
                .column("requested", RecoveryRequest::requestedAt)
                .column("expires", RecoveryRequest::expiresAt)
                .column("approved by", "approved_by", RecoveryRequest::approvedBy)
                .text("requester says: reason", RecoveryRequest::reason)
                .text("requester says: ticket", RecoveryRequest::ticket)
                .text("requester says: columns", request -> String.join(", ", request.columns()))
                .text("requester says: pipeline", RecoveryRequest::pipeline)
                .json("requester_says", RequestListing::claims)
                .json("differs", this::difference);
    }

    /** One request for the person who is to approve it, with a warning if tokens and claims differ. */
    String lines(RecoveryRequest request) {
        String difference = difference(request);
        return listing().lines(request) + (difference == null ? "" : "\n" + difference);
    }

    private static JsonLine claims(RecoveryRequest request) {
        return new JsonLine()
                .put("reason", request.reason())
                .put("ticket", request.ticket())
                .put("columns", request.columns())
                .put("pipeline", request.pipeline());
    }

    private List<JsonLine> keyMembers(RecoveryRequest request) {
        return request.keys().entrySet().stream()
                .map(key -> new JsonLine()
                        .put("key", key.getKey())
                        .put("values", key.getValue())
                        .put("field", field(key.getKey()).orElse(null)))
                .toList();
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

    /** How the fields of the tokens differ from the claim; null if they agree, or without a keyset. */
    private @Nullable String difference(RecoveryRequest request) {
        if (keysets.isEmpty()) {
            return null;
        }
        Set<String> claimed = new HashSet<>();
        request.columns().forEach(column -> claimed.add(Masks.field(request.pipeline(), column)));
        Set<String> found = new TreeSet<>();
        request.keys().keySet().forEach(key -> found.add(field(key).orElse("an unknown key " + key)));
        return found.equals(claimed)
                ? null
                : "The tokens are of " + String.join(", ", found)
                        + ": that is not what the requester says. Clarify this before you approve.";
    }
}
