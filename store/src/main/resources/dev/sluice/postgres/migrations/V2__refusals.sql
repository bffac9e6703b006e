-- What the database said of a row that it refused. Both are names and codes, never values.
ALTER TABLE sluice.quarantine ADD COLUMN sqlstate text, ADD COLUMN constraint_name text;

COMMENT ON COLUMN sluice.quarantine.sqlstate IS 'Why the database refused the row; NULL when the mapper rejected the record';
