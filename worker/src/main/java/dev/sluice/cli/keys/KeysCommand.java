package dev.sluice.cli.keys;

import dev.sluice.app.Assembly;
import dev.sluice.cli.command.CommandFamily;
import dev.sluice.cli.command.CommandHelp;
import dev.sluice.cli.command.Confirmation;
import dev.sluice.cli.command.Counted;
import dev.sluice.cli.command.ListOutput;
import dev.sluice.cli.command.Listing;
import dev.sluice.cli.command.Part;
import dev.sluice.keys.KeyInfo;
import dev.sluice.keys.KeyInfo.Status;
import dev.sluice.keys.KeysetName;
import dev.sluice.keys.Keysets;
import dev.sluice.mask.Masks;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice keys}, and its subcommands on single keys. */
@Command(
        name = "keys",
        header = "Creates, lists and rotates keys.",
        description =
                "To rotate a key, add its successor and promote it: new values are then made with that. Rewrap the rows of the"
                        + " former key, then disable and destroy it. Running workers reload a changed keyset file."
                        + " docs/rotate.md describes all steps.",
        subcommands = {KeysCreateCommand.class, KeysBindCommand.class, KeysRewrapKekCommand.class})
@CommandHelp(uses = {Part.PIPELINE, Part.KEYS, Part.DATABASE})
public final class KeysCommand extends CommandFamily {

    private static final String KEY = "The key's ID, as listed.";
    private static final String EPOCH =
            "For hashes, which cannot be rewrapped: accept that old and new values never join.";

    @Command(
            name = "list",
            header = "Lists the keys of the keyset file: IDs, states and rows, but no key material.",
            description =
                    "Counts the rows of each key in the pipeline's table and in the quarantine, which reads all of both; a"
                            + " key whose rows exist but that the file lacks is listed last. Rows of other pipelines' keys are not counted, and none if no database is set or reachable.")
    @ListOutput
    void list(
            @Option(names = "--no-rows", description = "Do not count rows; needs no database.") boolean noRows,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Only the keys of this tenant.") @Nullable
                    String tenant) {
        Assembly assembly = assembly();
        List<KeyInfo> keys = assembly.keysets().list();
        List<ListedKey> all =
                noRows ? keys.stream().map(ListedKey::of).toList() : KeyRows.count(assembly, keys, this::report);
        Listing<ListedKey> listing = noRows ? ListedKey.listing() : ListedKey.listingWithRows();
        listing.print(
                program(),
                all.stream().filter(key -> tenant == null || key.isOf(tenant)).toList());
    }

    @Command(
            name = "add",
            header = "Adds a key to a field, so that every worker knows it before it is used.",
            description = "The key is enabled but not primary: nothing is made with it until it is promoted.",
            footer = {"Examples:", "  sluice keys add masked_ip", "  sluice keys add quarantine"})
    void add(
            @Parameters(
                            paramLabel = "FIELD",
                            description =
                                    "A masked column of the pipeline, PIPELINE.COLUMN, quarantine or idempotency.")
                    String field,
            @Option(names = "--tenant", paramLabel = "NAME", description = "Whose keys, in a pipeline with keys: by.")
                    @Nullable
                    String tenant,
            @Option(names = "--epoch", description = EPOCH) boolean epoch) {
        Assembly assembly = assembly();
        boolean qualified =
                field.indexOf('.') >= 0 || field.equals(Keysets.QUARANTINE) || field.equals(Keysets.IDEMPOTENCY);
        String keyset = qualified ? field : Masks.field(assembly.spec().name(), field);
        KeyInfo added = assembly.keysetFile().add(KeysetName.of(keyset, tenant), epoch);
        print(
                added,
                "Nothing is made with it yet.\n"
                        + "Next: copy the keyset file to every worker, wait until each has reloaded it (within about ten\n"
                        + "seconds, or at SIGHUP), then: sluice keys promote " + added.hexId()
                        + (epoch ? " --epoch" : ""));
    }

    @Command(
            name = "promote",
            header = "Makes a key the primary one: new values are made with it.",
            description =
                    "By then every worker must know the key, or it cannot read what the others make. The former primary key"
                            + " stays enabled, so that its values can still be read.")
    void promote(
            @Parameters(paramLabel = "KEY", description = KEY) String key,
            @Option(names = "--epoch", description = EPOCH) boolean epoch) {
        KeyInfo promoted = assembly().keysetFile().promote(id(key), epoch);
        print(promoted, "New values are made with it. Next: copy the keyset file to every worker.\n" + next(promoted));
    }

    private static String next(KeyInfo key) {
        return switch (key.kind()) {
            case DETERMINISTIC_AEAD ->
                "Older values do not join with new ones until they are rewrapped: sluice rewrap. When sluice keys list\n"
                        + "counts no rows of the former key: sluice keys disable.";
            case KEYED_HASH ->
                "Older hashes stay as they are and never join with new ones. When nobody looks them up any more:\n"
                        + "sluice keys disable.";
            case SEALING ->
                "Older originals stay sealed under the former key. When sluice keys list counts none of them:\n"
                        + "sluice keys disable.";
        };
    }

    @Command(
            name = "disable",
            header = "Disables a key; it can be enabled again.",
            description = "Its values can no longer be read. The primary key cannot be disabled.")
    void disable(@Parameters(paramLabel = "KEY", description = KEY) String key) {
        KeyInfo disabled = assembly().keysetFile().disable(id(key));
        print(
                disabled,
                "Its values can no longer be read; sluice keys enable " + disabled.hexId() + " undoes that.\n"
                        + "Next: copy the keyset file to every worker. When nobody has missed the key for as long as you\n"
                        + "keep backups: sluice keys destroy " + disabled.hexId());
    }

    @Command(
            name = "enable",
            header = "Enables a disabled key, so that its values can be read again.",
            description = "It does not become the primary key.")
    void enable(@Parameters(paramLabel = "KEY", description = KEY) String key) {
        KeyInfo enabled = assembly().keysetFile().enable(id(key));
        print(enabled, "Its values can be read. Next: copy the keyset file to every worker.");
    }

    @Command(
            name = "destroy",
            header = "Destroys a disabled key.",
            description =
                    "Its values can never be read again. Refused while rows of the pipeline's table or of the quarantine carry"
                            + " the key's ID, or cannot be counted. Copies of the keyset file still contain the key: destroy"
                            + " them too.")
    void destroy(
            @Parameters(paramLabel = "KEY", description = KEY) String key,
            @Mixin Confirmation confirmation,
            @Option(
                            names = "--even-if-used",
                            description =
                                    "Do not count rows; those that exist can never be read again (crypto-shredding).")
                    boolean evenIfUsed) {
        Assembly assembly = assembly();
        int id = id(key);
        assembly.keysets()
                .find(id)
                .filter(known -> known.status() == Status.DISABLED)
                .ifPresent(known -> {
                    if (!evenIfUsed) {
                        KeyRows.requireNone(assembly, known);
                    }
                    confirmation.require(
                            console(),
                            () -> "Destroy key " + known.hexId() + " of " + known.keyset() + "? This cannot be undone.",
                            known.hexId());
                });
        print(
                assembly.keysetFile().destroy(id),
                "Its values can never be read again. Backups of the keyset file still contain the key: destroy them too.");
    }

    @Command(
            name = "destroy-tenant",
            header = "Destroys all keys of a tenant (crypto-shredding).",
            description =
                    "The tenant's masked values and quarantined originals can never be read again, in backups of the database"
                            + " neither; other tenants' stay as they are. Records that still come are quarantined as"
                            + " destroyed-tenant, under keys that belong to no tenant: stop the tenant's producers and drain"
                            + " the queue first. Copies of the keyset file still contain the keys: destroy them too.",
            footer = {"Example:", "  sluice keys destroy-tenant acme"})
    void destroyTenant(
            @Parameters(paramLabel = "TENANT", description = "The tenant's name, as in its events.") String tenant,
            @Mixin Confirmation confirmation) {
        Assembly assembly = assembly();
        if (assembly.keysets().tenant(tenant).isEmpty()) {
            throw usageError("TENANT: " + assembly.keysFile() + " has no keys of such a tenant");
        }
        confirmation.require(
                console(), () -> "Destroy all keys of tenant " + tenant + "? This cannot be undone.", tenant);
        List<KeyInfo> destroyed = assembly.keysetFile().destroyTenant(tenant);
        if (json()) {
            ListedKey.listing()
                    .print(program(), destroyed.stream().map(ListedKey::of).toList());
            return;
        }
        out().println(
                        Counted.of(destroyed.size(), "key") + " of tenant " + tenant + " destroyed.\n"
                                + "Next: copy the keyset file to every worker. Backups of it still contain the keys: destroy them too.");
    }

    private int id(String key) {
        return KeyInfo.parseId(key)
                .orElseThrow(() -> usageError("KEY must be a key ID, eight hex digits as sluice keys list shows them"));
    }

    /** Prints a changed key, and for people what comes next. */
    private void print(KeyInfo key, String next) {
        if (json()) {
            ListedKey.listing().print(program(), List.of(ListedKey.of(key)));
            return;
        }
        String state = key.primary() ? "primary" : key.status().label();
        out().println("Key " + key.hexId() + " of " + key.keyset() + " is " + state + ".\n" + next);
    }
}
