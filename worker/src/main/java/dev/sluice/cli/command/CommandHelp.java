package dev.sluice.cli.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What help shows of a command beyond its own options. A subcommand without one has its family's; a command without any uses
 * every setting. The flag of a setting that a command does not use is accepted all the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface CommandHelp {

    /** The parts of the configuration that the command uses; it shows their flags. Without any, it does not log either. */
    Part[] uses();

    /** Whether the command prints results in more than one format. */
    boolean results() default true;

    /** Whether the command reads a settings file. */
    boolean settingsFile() default true;

    /** Options that the command requires itself, since picocli would require them of its subcommands too. */
    String[] requires() default {};
}
