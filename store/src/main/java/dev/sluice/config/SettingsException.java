package dev.sluice.config;

import java.util.List;
import java.util.Objects;

/** Unusable settings; names each and the expected shape, never its value. The process ends with exit code 78. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** @param problems one sentence each */
    public SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, in our own words. */
    public List<String> problems() {
        return problems;
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
