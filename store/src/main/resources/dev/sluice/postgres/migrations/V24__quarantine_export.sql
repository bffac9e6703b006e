-- Quarantined records in files: which may come back, so that a file that is read twice, or one of records that were replayed
-- since, makes no record twice.

-- Exported and deleted from the quarantine in one transaction. Deleted here when the record comes back.
CREATE TABLE sluice.quarantine_exported (
    id bigint PRIMARY KEY,
    exported_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE sluice.quarantine_exported IS 'Quarantined records that are in files only, by their former id';

-- Records of other databases that came in, once and for all.
CREATE TABLE sluice.quarantine_imported (
    database uuid,
    id bigint,
    imported_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (database, id)
);

COMMENT ON TABLE sluice.quarantine_imported IS 'Records of other databases'' quarantines that were imported, by the database''s installation id and their id there';

REVOKE ALL ON TABLE sluice.quarantine_exported, sluice.quarantine_imported FROM PUBLIC;
