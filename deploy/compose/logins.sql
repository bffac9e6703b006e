-- Run once, when PostgreSQL makes its database. The owner migrates; the worker logs in as a member of sluice_writer, to which
-- `migrate --roles` grants what a run needs. The password does not pass through a command line or the log.
\set password `cat /run/secrets/70/database-worker`
CREATE ROLE sluice_writer NOLOGIN;
CREATE ROLE login_worker LOGIN PASSWORD :'password' IN ROLE sluice_writer;
