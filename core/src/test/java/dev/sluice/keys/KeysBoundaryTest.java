package dev.sluice.keys;

import static com.tngtech.archunit.base.DescribedPredicate.doNot;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class KeysBoundaryTest {

    private static final String KEYS = "dev.sluice.keys..";
    private static final String TINK = "com.google.crypto.tink..";

    @ArchTest
    static final ArchRule tinkIsKnownToThisPackageOnly = noClasses()
            .that()
            .resideOutsideOfPackage(KEYS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TINK);

    @ArchTest
    static final ArchRule noPublicMethodShowsTink = noMethods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .haveRawReturnType(resideInAPackage(TINK));

    @ArchTest
    static final ArchRule keysSeeNeitherMasksNorMapping = noClasses()
            .that()
            .resideInAPackage(KEYS)
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.sluice..").and(doNot(resideInAnyPackage(KEYS, "dev.sluice.encoding"))));

    @ArchTest
    static final ArchRule addressesAreNeverLookedUp =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.net.InetAddress");
}
