package dev.sluice.config;

import java.util.List;
import java.util.Objects;

/** Settings that cannot be used; names each and the shape expected, never its value. The process ends with exit 78. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param problems one sentence each */
    public SettingsException(List<String> problems) {
        super(String.join("\n", problems));
    }

    /** Our own words, for the operator. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
