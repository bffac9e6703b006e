package dev.sluice.cli.recovery;

import dev.sluice.keys.Keysets;
import dev.sluice.mapping.PipelineSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose keys a value is masked with before it is looked up. A mixin. */
final class TenantOption {

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            description = "Whose value it is; required for masked columns if the pipeline has keys: by.")
    @Nullable
    String tenant;

    /** The keysets to mask with: all, or those of the tenant. */
    Keysets of(PipelineSpec spec, Keysets all) {
        String name = tenant;
        if (spec.tenants() == null && name == null) {
            return all;
        }
        if (spec.tenants() == null) {
            throw usageError("--tenant: pipeline " + spec.name() + " has no keys: by, so its values have no tenant");
        }
        if (name == null) {
            throw usageError("--tenant is required: equal values of two tenants have different tokens");
        }
        return spec.keysetsOf(name, all)
                .orElseThrow(() -> usageError(
                        all.wasDestroyed(name)
                                ? "--tenant: its keys were destroyed, so nothing of it can be found"
                                : "--tenant: the keyset file has no keys of it"));
    }

    private ParameterException usageError(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
