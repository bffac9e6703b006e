package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.sluice.cli.run.MessageFileException;
import dev.sluice.config.SettingsException;
import dev.sluice.failure.InfrastructureException;
import dev.sluice.keys.KeysException;
import dev.sluice.mapping.PipelineNotFoundException;
import dev.sluice.yaml.InvalidDocumentException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The boundaries of ARCHITECTURE.md, over all that the worker ships: its own packages and those of core. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class BoundariesTest {

    private static final String CLI = "dev.sluice.cli..";
    private static final String APP = "dev.sluice.app..";
    private static final String SQS = "dev.sluice.sqs..";
    private static final String KMS = "dev.sluice.kms..";
    private static final String S3 = "dev.sluice.s3..";
    private static final String BULK = "dev.sluice.bulk..";
    private static final String ENDPOINTS = "dev.sluice.aws..";
    private static final String POSTGRES = "dev.sluice.postgres..";
    private static final String RECOVERY = "dev.sluice.recovery..";
    /** On the tests' class path only. */
    private static final String EMBEDDED = "dev.sluice.embedded..";

    private static final String AWS = "software.amazon..";
    private static final String[] JDBC = {
        "java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer.hikari..", "org.flywaydb.."
    };

    /** Those whose messages are our own words; picocli's quote what the user typed. */
    private static final List<Class<? extends Throwable>> SPEAKING = List.of(
            InfrastructureException.class,
            SettingsException.class,
            KeysException.class,
            InvalidDocumentException.class,
            PipelineNotFoundException.class,
            MessageFileException.class);

    /** They compare messages with texts they know, and quote none. */
    private static final Set<String> COMPARING =
            Set.of("dev.sluice.postgres.db.Diagnosis", "dev.sluice.cli.command.WatchedStream");

    @ArchTest
    static final ArchRule awsIsKnownToItsServicesOnly = noClasses()
            .that()
            .resideOutsideOfPackages(SQS, KMS, S3, ENDPOINTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(AWS);

    @ArchTest
    static final ArchRule databasesAreKnownToPostgresRecoveryAndBulkOnly = noClasses()
            .that()
            .resideOutsideOfPackages(POSTGRES, RECOVERY, BULK, EMBEDDED)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC);

    @ArchTest
    static final ArchRule queueDoesNotSeeTheDatabase = noClasses()
            .that()
            .resideInAPackage(SQS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(POSTGRES);

    @ArchTest
    static final ArchRule databaseDoesNotSeeTheQueue = noClasses()
            .that()
            .resideInAPackage(POSTGRES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQS);

    @ArchTest
    static final ArchRule recoveryDoesNotSeeTheQueue = noClasses()
            .that()
            .resideInAPackage(RECOVERY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQS);

    @ArchTest
    static final ArchRule onlyPostgresOpensConnections = noClasses()
            .that()
            .resideOutsideOfPackages(POSTGRES, EMBEDDED)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.sql..", "org.postgresql..", "com.zaxxer.hikari..", "org.flywaydb..");

    @ArchTest
    static final ArchRule kmsSeesKeysAndFailuresOnly = noClasses()
            .that()
            .resideInAPackage(KMS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQS, POSTGRES, CLI, APP, "dev.sluice.mapping..", "dev.sluice.mask..");

    @ArchTest
    static final ArchRule nothingButMainDependsOnTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .and()
            .doNotHaveFullyQualifiedName("dev.sluice.Main")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLI);

    @ArchTest
    static final ArchRule nothingButTheCommandLineAndThePortsDependsOnTheApp = noClasses()
            .that()
            .resideOutsideOfPackages(CLI, APP, "dev.sluice.console..", "dev.sluice.health..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APP);

    @ArchTest
    static final ArchRule pathSeesNeitherItsEndsNorItsSettings = noClasses()
            .that()
            .resideInAPackage("dev.sluice.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQS, POSTGRES, CLI, APP, "dev.sluice.config..");

    @ArchTest
    static final ArchRule settingsSeeNothingOfOursButYaml = classes()
            .that()
            .resideInAPackage("dev.sluice.config..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.sluice.config..", "dev.sluice.yaml..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("dev.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheConsoleKnowsTheProcessesStreams = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.sluice.cli.command.Console")
            .and()
            // A program of its own, for the training of the class cache: its streams are what it has.
            .doNotHaveFullyQualifiedName("dev.sluice.embedded.SandboxProcess")
            .should(accessStandardStreams());

    @ArchTest
    static final ArchRule nothingPrintsAStackTrace = noClasses()
            .should()
            .callMethodWhere(describe(
                    "printStackTrace is called",
                    call -> call.getTarget().getName().equals("printStackTrace")));

    @ArchTest
    static final ArchRule logsGoThroughSlf4j =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    @ArchTest
    static final ArchRule foreignExceptionsAreNotQuoted = noClasses()
            .should()
            .accessTargetWhere(describe("the message of an exception that is not ours", BoundariesTest::quotesForeign));

    @ArchTest
    static final ArchRule embeddedServersAreReachedByTheSandboxOnly = noClasses()
            .that()
            .resideOutsideOfPackage(EMBEDDED)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EMBEDDED, "org.elasticmq..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

    private static ArchCondition<JavaClass> accessStandardStreams() {
        return new ArchCondition<>("access System.out, System.err or System.in") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getFieldAccessesFromSelf().stream()
                        .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(item, access.getDescription())));
            }
        };
    }

    private static boolean quotesForeign(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return List.of("getMessage", "getLocalizedMessage").contains(access.getName())
                && assignableTo(Throwable.class).test(owner)
                && SPEAKING.stream().noneMatch(owner::isEquivalentTo)
                && !owner.getPackageName().equals("picocli")
                && !COMPARING.contains(access.getOriginOwner().getFullName())
                && !SPEAKING.stream().anyMatch(access.getOriginOwner()::isEquivalentTo);
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package with @NullMarked in its package-info") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                JavaPackage home = item.getPackage();
                boolean marked = home.tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(item, marked, home.getName() + " is marked: " + marked));
            }
        };
    }
}
