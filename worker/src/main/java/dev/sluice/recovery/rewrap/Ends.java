package dev.sluice.recovery.rewrap;

import dev.sluice.recovery.audit.Details;

/** What the audit is told of a rewrap's end. Stateless. */
final class Ends {

    private Ends() {}

    static Details details(Report report) {
        Details details = new Details()
                .put("complete", report.complete() ? "yes" : "no")
                .put("rows", report.rows())
                .put("originals", report.originals())
                .put("passes", report.passes());
        report.left().forEach(left -> details.put("left " + left.column() + " " + left.why(), left.values()));
        if (report.remaining() != null) {
            details.put("remaining", report.remaining().rows());
        }
        return details;
    }
}
