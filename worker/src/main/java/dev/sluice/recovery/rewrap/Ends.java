package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.audit.OperatorAudit.Rewrapped;
import dev.sluice.recovery.audit.OperatorAudit.UnchangedValues;

/** What the audit is told of a rewrap's end. Stateless. */
public final class Ends {

    private Ends() {}

    public static Rewrapped of(RewrapReport report) {
        return new Rewrapped(
                report.rows(),
                report.originals(),
                report.passes(),
                report.remaining() == null ? null : report.remaining().rows(),
                report.left().stream()
                        .map(left -> new UnchangedValues(left.column(), left.why(), left.values()))
                        .toList());
    }
}
