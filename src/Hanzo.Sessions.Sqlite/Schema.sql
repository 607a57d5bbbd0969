-- The file of SqliteSessionStore, version 1. PRAGMA user_version holds the version, and PRAGMA application_id
-- 0x487A5365 ('HzSe') marks the file as one of this store.
--
-- Instants are milliseconds since 1970-01-01 UTC: datetime(created_at / 1000, 'unixepoch') reads one.
-- Text compares by its UTF-8 bytes, which is the order of code points.

CREATE TABLE sessions (
  id TEXT NOT NULL PRIMARY KEY COLLATE BINARY CHECK (length(id) = 32), -- UUID version 7, or 8 if adopted; lowercase hexadecimal
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),     -- SHA-256; the token itself is not stored
  organization TEXT NOT NULL COLLATE BINARY,
  user_name TEXT NOT NULL COLLATE BINARY,
  application TEXT NOT NULL COLLATE BINARY,
  ip_address TEXT COLLATE BINARY,
  ip_network TEXT COLLATE BINARY,
  user_agent TEXT,
  authentication_methods TEXT,
  created_at INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  idle_timeout INTEGER NOT NULL, -- milliseconds
  expires_at INTEGER NOT NULL,
  active_until INTEGER NOT NULL, -- min(last_active_at + idle_timeout, expires_at); of an ended session, ended_at
  keep_history_until INTEGER,
  ended_at INTEGER,              -- null until the session is ended, even if it has timed out
  end_reason INTEGER,            -- the numbers of SessionEndReason
  ended_by TEXT,                 -- user:organization/name or service:name; null for a timeout
  payload BLOB,                  -- the claims; null once the session has ended
  CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
  CHECK (ended_at IS NULL OR (active_until = ended_at AND payload IS NULL))
) STRICT;

-- For database clients: who is signed in now, and which sessions have ended, when, why and by whom. Without the
-- token's hash and the claims. 2440587.5 is 1970-01-01 as a Julian day.
CREATE VIEW active_sessions AS
  SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', last_active_at / 1000.0, 'unixepoch') AS last_active_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', active_until / 1000.0, 'unixepoch') AS active_until,
    strftime('%Y-%m-%dT%H:%M:%fZ', expires_at / 1000.0, 'unixepoch') AS expires_at
  FROM sessions
  WHERE ended_at IS NULL AND active_until > (julianday('now') - 2440587.5) * 86400000;

CREATE VIEW ended_sessions AS
  SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
    strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch') AS created_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', last_active_at / 1000.0, 'unixepoch') AS last_active_at,
    strftime('%Y-%m-%dT%H:%M:%fZ', active_until / 1000.0, 'unixepoch') AS ended_at,
    CASE coalesce(end_reason, CASE WHEN active_until < expires_at THEN 6 ELSE 7 END)
      WHEN 1 THEN 'SignedOut' WHEN 2 THEN 'TerminatedByUser' WHEN 3 THEN 'TerminatedByAdmin' WHEN 4 THEN 'Evicted'
      WHEN 5 THEN 'Replaced' WHEN 6 THEN 'IdleTimeout' WHEN 7 THEN 'Expired' WHEN 8 THEN 'PasswordChanged'
      WHEN 9 THEN 'UserDisabled' WHEN 10 THEN 'UserDeleted' END AS reason,
    ended_by
  FROM sessions
  WHERE ended_at IS NOT NULL OR active_until <= (julianday('now') - 2440587.5) * 86400000;

-- Sessions that have not been ended: of a user (the limit, "log out all devices", records in their order), the newest
-- of an organization, the newest of all, and those that have timed out.
CREATE INDEX sessions_of_user ON sessions (organization, user_name, application) WHERE ended_at IS NULL;
CREATE INDEX sessions_of_organization ON sessions (organization, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_of_all ON sessions (created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_due ON sessions (active_until, id) WHERE ended_at IS NULL;

-- History: of a user, of an organization, of all (purging uses it too).
CREATE INDEX history_of_user ON sessions (organization, user_name, active_until, id) WHERE ended_at IS NOT NULL;
CREATE INDEX history_of_organization ON sessions (organization, active_until, id) WHERE ended_at IS NOT NULL;
CREATE INDEX history_of_all ON sessions (active_until, id) WHERE ended_at IS NOT NULL;

PRAGMA application_id = 0x487A5365;
PRAGMA user_version = 1;
