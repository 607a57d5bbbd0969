-- Step 1 of the file, place: where a session was last used, and which sessions must not be adopted once more.
--
-- The store runs it when it is prepared, also while a process of 0.1 has the file open. To run it by hand:
--     sqlite3 -bail sessions.db < 001-place.sql

BEGIN IMMEDIATE;

-- Which steps the file has. PRAGMA user_version names the oldest version that can use it.
CREATE TABLE IF NOT EXISTS schema_steps (
  step INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;

-- All null: the session was only used where it was signed in. ALTER TABLE reads every row of a STRICT table for each
-- column, 15 seconds for a million rows. No stored row changes, so it is enough to change the text of the table, in the
-- way that https://sqlite.org/lang_altertable.html ("Making Other Kinds Of Table Schema Changes") describes.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '
  CHECK ((ended_at IS NULL) = ', '
  last_ip_address TEXT COLLATE BINARY,
  last_ip_network TEXT COLLATE BINARY,
  last_user_agent TEXT,
  other_ip_address TEXT COLLATE BINARY, -- the last address of the other family, for a client that has IPv4 and IPv6
  moved_at INTEGER,
  CHECK ((ended_at IS NULL) = ') WHERE type = 'table' AND name = 'sessions';
PRAGMA writable_schema = RESET;
SELECT last_ip_address, last_ip_network, last_user_agent, other_ip_address, moved_at FROM sessions LIMIT 0;

-- The ids of sessions that were adopted from another cookie, and whose user was forgotten: that cookie must not be
-- adopted once more.
CREATE TABLE forgotten_sessions (
  id TEXT NOT NULL PRIMARY KEY COLLATE BINARY CHECK (length(id) = 32),
  keep_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_sessions_by_end ON forgotten_sessions (keep_until);

-- The last place is null where it is that of the sign-in.
DROP VIEW IF EXISTS active_sessions;
CREATE VIEW active_sessions AS
  SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', last_active_at / 1000.0, 'unixepoch') AS last_active_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', active_until / 1000.0, 'unixepoch') AS active_until,
    strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS expires_at,
    nullif(last_ip_address, ip_address) AS last_ip_address,
    nullif(last_user_agent, user_agent) AS last_user_agent,
    strftime('%Y-%m-%dT%H:%M:%fZ', moved_at / 1000.0, 'unixepoch') AS moved_at
  FROM sessions
  WHERE ended_at IS NULL AND active_until > (julianday('now') - 2440587.5) * 86400000;

DROP VIEW IF EXISTS ended_sessions;
CREATE VIEW ended_sessions AS
  SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', last_active_at / 1000.0, 'unixepoch') AS last_active_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', active_until / 1000.0, 'unixepoch') AS ended_at,
    CASE coalesce(end_reason, CASE WHEN active_until < expires_at THEN 6 ELSE 7 END)
      WHEN 1 THEN 'SignedOut' WHEN 2 THEN 'TerminatedByUser' WHEN 3 THEN 'TerminatedByAdmin' WHEN 4 THEN 'Evicted'
      WHEN 5 THEN 'Replaced' WHEN 6 THEN 'IdleTimeout' WHEN 7 THEN 'Expired' WHEN 8 THEN 'PasswordChanged'
      WHEN 9 THEN 'UserDisabled' WHEN 10 THEN 'UserDeleted' WHEN 11 THEN 'Moved' WHEN 12 THEN 'Reported'
      WHEN 13 THEN 'SignedOutAtProvider' WHEN 14 THEN 'RevokedAtProvider' WHEN 15 THEN 'NotDelivered' END AS reason,
    ended_by,
    nullif(last_ip_address, ip_address) AS last_ip_address,
    nullif(last_user_agent, user_agent) AS last_user_agent,
    strftime('%Y-%m-%dT%H:%M:%fZ', moved_at / 1000.0, 'unixepoch') AS moved_at
  FROM sessions
  WHERE ended_at IS NOT NULL OR active_until <= (julianday('now') - 2440587.5) * 86400000;

INSERT INTO schema_steps (step, name, applied_at)
VALUES (1, 'place', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER));

COMMIT;
