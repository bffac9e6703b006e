package dev.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The house as ARCHITECTURE.md draws it: dependencies point one way only, from the command line down to the ground, and
 * {@code core} lies under all of it.
 */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

    @ArchTest
    static final ArchRule dependenciesPointDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("dev.sluice.cli..")
            .layer("app")
            .definedBy("dev.sluice.app..")
            .layer("recovery")
            .definedBy("dev.sluice.recovery..")
            .layer("sqs")
            .definedBy("dev.sluice.sqs..")
            .layer("postgres")
            .definedBy("dev.sluice.postgres")
            .layer("postgres.schema")
            .definedBy("dev.sluice.postgres.schema..")
            .layer("postgres.db")
            .definedBy("dev.sluice.postgres.db..")
            .layer("postgres.table")
            .definedBy("dev.sluice.postgres.table..")
            .layer("bulk")
            .definedBy("dev.sluice.bulk..")
            .layer("s3")
            .definedBy("dev.sluice.s3..")
            .layer("metrics")
            .definedBy("dev.sluice.metrics..")
            .layer("pipeline")
            .definedBy("dev.sluice.pipeline..")
            .layer("kms")
            .definedBy("dev.sluice.kms..")
            .layer("aws")
            .definedBy("dev.sluice.aws..")
            .layer("lineage")
            .definedBy("dev.sluice.lineage..")
            .layer("tracing")
            .definedBy("dev.sluice.tracing..")
            .layer("otlp")
            .definedBy("dev.sluice.otlp..")
            .layer("config")
            .definedBy("dev.sluice.config..")
            .layer("failure")
            .definedBy("dev.sluice.failure..")
            .layer("http")
            .definedBy("dev.sluice.http..")
            .layer("access")
            .definedBy("dev.sluice.access..")
            .layer("console")
            .definedBy("dev.sluice.console..")
            .layer("health")
            .definedBy("dev.sluice.health..")
            .layer("output")
            .definedBy("dev.sluice.output..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("app")
            .mayOnlyBeAccessedByLayers("cli", "console", "health")
            .whereLayer("console")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("recovery")
            .mayOnlyBeAccessedByLayers("cli", "console", "app")
            .whereLayer("sqs")
            .mayOnlyBeAccessedByLayers("cli", "app")
            .whereLayer("postgres")
            .mayOnlyBeAccessedByLayers("cli", "console", "app", "recovery")
            .whereLayer("bulk")
            .mayOnlyBeAccessedByLayers("cli", "app", "recovery", "s3")
            .whereLayer("postgres.table")
            .mayOnlyBeAccessedByLayers("cli", "console", "recovery", "postgres", "bulk")
            .whereLayer("postgres.schema")
            .mayOnlyBeAccessedByLayers("cli", "app", "recovery", "postgres", "postgres.table", "bulk")
            .whereLayer("postgres.db")
            .mayOnlyBeAccessedByLayers(
                    "cli", "console", "app", "recovery", "postgres", "postgres.table", "postgres.schema", "bulk")
            .whereLayer("s3")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("pipeline")
            .mayOnlyBeAccessedByLayers("cli", "app", "metrics", "tracing", "sqs", "postgres")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("cli", "console", "health", "app")
            .whereLayer("kms")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("aws")
            .mayOnlyBeAccessedByLayers("app", "sqs", "kms", "s3")
            .whereLayer("lineage")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("lineage")
            .mayOnlyAccessLayers("config", "output")
            .whereLayer("tracing")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("tracing")
            .mayOnlyAccessLayers("pipeline", "otlp", "config", "failure")
            .whereLayer("otlp")
            .mayOnlyBeAccessedByLayers("metrics", "tracing")
            .whereLayer("otlp")
            .mayOnlyAccessLayers("config")
            .whereLayer("health")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("access")
            .mayOnlyAccessLayers("http", "config")
            .whereLayer("http")
            .mayNotAccessAnyLayer()
            .whereLayer("config")
            .mayOnlyAccessLayers("failure")
            .whereLayer("failure")
            .mayNotAccessAnyLayer()
            .whereLayer("output")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsPicocli = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule coreStandsUnderTheHouse = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.sluice.mapping..",
                    "dev.sluice.mask..",
                    "dev.sluice.detect..",
                    "dev.sluice.draft..",
                    "dev.sluice.keys..",
                    "dev.sluice.yaml..",
                    "dev.sluice.sandbox..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "dev.sluice.cli..",
                    "dev.sluice.app..",
                    "dev.sluice.recovery..",
                    "dev.sluice.sqs..",
                    "dev.sluice.postgres..",
                    "dev.sluice.pipeline..",
                    "dev.sluice.kms..",
                    "dev.sluice.aws..",
                    "dev.sluice.config..",
                    "dev.sluice.failure.."));

    @ArchTest
    static final ArchRule onlyTracingKnowsOpenTelemetry = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.tracing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule onlyKeysKnowTink = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.keys..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.crypto.tink..");
}
