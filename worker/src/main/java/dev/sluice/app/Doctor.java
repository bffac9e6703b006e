package dev.sluice.app;

import dev.sluice.config.Settings;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.Finding;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.failure.InfrastructureException.Kind;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeysException;
import dev.sluice.keys.Keysets;
import dev.sluice.mapping.FieldCounts;
import dev.sluice.mapping.IdempotencyKey;
import dev.sluice.mapping.Mappers;
import dev.sluice.mapping.PipelineSpec.Column;
import dev.sluice.mapping.PipelineSpec.Rejects;
import dev.sluice.mask.CanonicalForm;
import dev.sluice.mask.Mask;
import dev.sluice.mask.MaskKind;
import dev.sluice.mask.Recovered;
import dev.sluice.mask.ReversibleMask;
import dev.sluice.postgres.FieldCountTable;
import dev.sluice.postgres.db.Database;
import dev.sluice.postgres.schema.DatabaseChecks;
import dev.sluice.postgres.schema.StoredPersonalData;
import dev.sluice.sqs.Queues;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks everything that a run needs, and changes nothing. Each part is checked whatever the others find, so that one call
 * reports all problems.
 */
public final class Doctor {

    /** Shorter than in `sluice keys list`: a check must answer soon. */
    private static final Duration COUNTING = Duration.ofSeconds(10);

    private final Assembly assembly;
    private final boolean looksAtRows;

    /**
     * @param assembly has read the pipeline file; an invalid one ends the command earlier, with its own problems
     * @param looksAtRows whether to look for personal data in columns without a mask
     */
    public Doctor(Assembly assembly, boolean looksAtRows) {
        this.assembly = assembly;
        this.looksAtRows = looksAtRows;
    }

    /** All findings: pipeline, keys, queue and database. Blocks until all have answered or timed out. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.pass(
                "pipeline",
                assembly.spec().name() + ", version " + assembly.spec().version() + ", "
                        + assembly.spec().columns().size() + " columns into "
                        + assembly.spec().sink().qualifiedName()));
        masks(findings);
        keys(findings);
        check(findings, this::queue);
        findings.add(duplicates());
        check(findings, this::database);
        check(findings, () -> fields(findings));
        if (looksAtRows) {
            check(findings, this::rows);
        }
        return findings;
    }

    /** The findings that need the network: queue and database, with secrets fetched. Blocks as {@link #examine}. */
    public List<Finding> examineConnections() {
        List<Finding> findings = new ArrayList<>();
        check(findings, this::queue);
        check(findings, this::database);
        return findings;
    }

    private Finding duplicates() {
        String subject = "duplicates";
        return assembly.spec().source().idempotencyKey() instanceof IdempotencyKey.MessageId
                ? Finding.pass(
                        subject,
                        "recognized by message id; a message that AWS redrives from a dead-letter queue gets a new id and"
                                + " creates a second row if it was already stored. If producers assign event ids, set"
                                + " source.idempotency-key: field:<name>")
                : Finding.pass(subject, "recognized by a key that producers send, in redriven messages too");
    }

    private void masks(List<Finding> findings) {
        for (Column column : assembly.spec().columns()) {
            if (column.mask() != null && column.mask().kind() == MaskKind.SHA256) {
                findings.add(Finding.warn(
                        "mask of " + column.name(),
                        "plain SHA-256: anyone who reads the table can reverse short values; use deterministic-aead"));
            }
            if (column.mask() != null && column.mask().kind() == MaskKind.PARTIAL) {
                findings.add(Finding.warn(
                        "mask of " + column.name(),
                        "partial: anyone who reads the table reads a part of each value; use it only if people must"));
            }
        }
    }

    private void keys(List<Finding> findings) {
        try {
            Keysets keysets = assembly.keysets();
            keysets.sealer();
            if (assembly.spec().tenants() == null) {
                roundTrips(findings, keysets);
                findings.add(Finding.pass("keys", "every masked field and the quarantine have a keyset"));
            } else {
                tenants(findings, keysets);
            }
            findings.add(atRest(keysets));
            findings.add(binding(keysets));
            rotation(findings, keysets);
            lost(findings, keysets);
        } catch (KeysException e) {
            findings.add(Finding.fail("keys", Kind.CONFIG, e.getMessage()));
        } catch (InfrastructureException e) {
            findings.add(Finding.fail("keys", e.kind(), e.getMessage()));
        }
    }

    private void roundTrips(List<Finding> findings, Keysets keysets) {
        for (Column column : assembly.spec().columns()) {
            roundTrip(findings, column, Mappers.mask(assembly.spec(), column, keysets));
        }
    }

    private void tenants(List<Finding> findings, Keysets keysets) {
        List<String> tenants = assembly.spec().tenantsIn(keysets);
        tenants.forEach(tenant -> roundTrips(findings, keysets.tenant(tenant).orElseThrow()));
        findings.add(
                tenants.isEmpty()
                        ? Finding.warn(
                                "keys",
                                "no tenant has keys, so every record is rejected; run `sluice keys create --tenant`")
                        : Finding.pass(
                                "keys", "every masked field has a keyset for each tenant; tenants: " + tenants.size()));
    }

    private Finding atRest(Keysets keysets) {
        return keysets.encryptedBy()
                .map(kek ->
                        Finding.pass("keys at rest", "encrypted by " + kek + ", which decrypted them for this check"))
                .orElseGet(() -> Finding.warn(
                        "keys at rest",
                        "in clear text in " + assembly.keysFile()
                                + ": anyone who can read that file can unmask the table;"
                                + " encrypt it with a KMS key: sluice keys rewrap-kek"));
    }

    private Finding binding(Keysets keysets) {
        String subject = "keys' database";
        if (keysets.database().isEmpty()) {
            return Finding.warn(
                    subject,
                    "the keys are bound to no database, so they also open values beside one whose audit nobody reads;"
                            + " run `sluice keys bind`");
        }
        UUID bound = keysets.database().get();
        if (!assembly.settings().namesDatabase()) {
            return Finding.pass(subject, "the keys are bound to the database " + bound);
        }
        try {
            return keysets.otherDatabase(
                            Database.installationId(assembly.settings().database()))
                    .map(problem -> Finding.fail(subject, Kind.CONFIG, problem))
                    .orElseGet(() -> Finding.pass(subject, "the keys are bound to this database, " + bound));
        } catch (InfrastructureException | SettingsException unknown) {
            return Finding.warn(
                    subject,
                    "the keys are bound to the database " + bound
                            + "; the id of this one is unknown: check the database's findings");
        }
    }

    /** Counts rows only if a field has more than one key. */
    private void rotation(List<Finding> findings, Keysets keysets) {
        List<KeyInfo> old = keysets.list().stream()
                .filter(key -> !key.primary() && assembly.countsRowsOf(key))
                .toList();
        if (old.isEmpty() || !assembly.settings().namesDatabase()) {
            return;
        }
        try {
            Map<Integer, Long> rows = assembly.keyUse(COUNTING).count().rows();
            old.stream()
                    .filter(key -> rows.containsKey(key.id()))
                    .forEach(key -> findings.add(Finding.warn(
                            "key rotation",
                            rows.get(key.id()) + " rows use key " + key.hexId() + " of " + key.keyset() + ", which is "
                                    + key.status().label()
                                    + " and not primary; see docs/rotate.md for the next steps")));
        } catch (SettingsException unusable) {
            // The check of the database reports it.
        } catch (InfrastructureException e) {
            findings.add(Finding.warn("key rotation", e.getMessage()));
        }
    }

    /** A sample of the rows may show that the file was lost. */
    private void lost(List<Finding> findings, Keysets keysets) {
        String subject = "keys of the rows";
        if (!assembly.settings().namesDatabase()) {
            return;
        }
        try {
            List<String> unknown = UnknownKeys.sample(assembly, keysets.list());
            findings.add(
                    unknown.isEmpty()
                            ? Finding.pass(subject, "the file has every key of the rows in a sample")
                            : Finding.fail(subject, Kind.CONFIG, UnknownKeys.problem(assembly, unknown)));
        } catch (SettingsException unusable) {
            // The check of the database reports it.
        } catch (InfrastructureException e) {
            findings.add(
                    e.kind() == Kind.NOT_PERMITTED
                            // A worker's login may not read rows, and should not.
                            ? Finding.pass(subject, "not checked: this login may not read the table and the quarantine")
                            : Finding.warn(subject, "not checked; check the database's findings"));
        }
    }

    /** Masks a sample and recovers it. */
    private static void roundTrip(List<Finding> findings, Column column, @Nullable Mask mask) {
        if (!(mask instanceof ReversibleMask reversible) || column.mask() == null) {
            return;
        }
        String sample = sample(column.mask().form());
        String token = reversible.mask(sample);
        boolean same = token != null
                && reversible.recover(token) instanceof Recovered.Clear clear
                && clear.value().equals(sample);
        if (!same) {
            findings.add(Finding.fail(
                    "keys of " + column.name(), Kind.CONFIG, "a sample was masked but could not be recovered"));
        }
    }

    /** Values reserved for documentation: RFC 5737, RFC 2606, RFC 7042 2.1.2, NANP 555-01xx, and a network's test card. */
    private static String sample(CanonicalForm form) {
        return switch (form) {
            case TEXT -> "sample";
            case IP -> "192.0.2.1";
            case EMAIL -> "sample@example.com";
            case PHONE -> "+12025550123";
            case MAC -> "00:00:5e:00:53:01";
            case CARD -> "4111111111111111";
        };
    }

    private List<Finding> queue() {
        return Queues.check(
                assembly.queueSettings(),
                assembly.settings().environment(),
                assembly.spec().sink().reject() == Rejects.DLQ);
    }

    private List<Finding> rows() {
        return new StoredPersonalData(assembly.settings().database(), assembly.spec()).check();
    }

    private List<Finding> database() {
        Settings settings = assembly.settings();
        return new DatabaseChecks(
                        settings.database(), assembly.spec(), settings.run().consumers())
                .check();
    }

    /** What workers have counted; the last day with records is compared with those before. */
    private List<Finding> fields(List<Finding> earlier) {
        String subject = "fields";
        boolean isConnected = earlier.stream()
                .noneMatch(finding -> finding.verdict() == Finding.Verdict.FAIL
                        && finding.subject().equals("database connection"));
        if (!isConnected) {
            return List.of();
        }
        try {
            SortedMap<LocalDate, FieldCounts> days =
                    FieldCountTable.recent(assembly.settings().database(), assembly.spec());
            if (days.isEmpty()) {
                return List.of(Finding.pass(subject, "no counts yet; workers record them hourly and when they end"));
            }
            FieldCounts before =
                    days.headMap(days.lastKey()).values().stream().reduce(FieldCounts.NONE, FieldCounts::plus);
            FieldReport report = new FieldReport(Objects.requireNonNull(days.get(days.lastKey())), before);
            String day = days.lastKey() + ": ";
            List<Finding> findings = new ArrayList<>();
            report.suspicions().forEach(text -> findings.add(Finding.warn(subject, day + text)));
            if (findings.isEmpty()) {
                findings.add(Finding.pass(subject, day + "no column lost its field"));
            }
            report.unread().ifPresent(text -> findings.add(Finding.pass(subject, day + text)));
            return findings;
        } catch (InfrastructureException failure) {
            // The check of the database reports every other failure.
            return failure.kind() == Kind.NOT_PERMITTED
                    ? List.of(Finding.warn(subject, failure.getMessage() + "; grant it: sluice migrate --roles"))
                    : List.of();
        }
    }

    /** Settings that keep one part from being checked also list the problems of the other; each is reported once. */
    private static void check(List<Finding> findings, Supplier<List<Finding>> part) {
        try {
            findings.addAll(part.get());
        } catch (SettingsException e) {
            e.problems().stream()
                    .map(problem -> Finding.fail("settings", Kind.CONFIG, problem))
                    .filter(finding -> !findings.contains(finding))
                    .forEach(findings::add);
        }
    }
}
