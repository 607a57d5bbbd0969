-- The schema of Hanzo.Sessions in PostgreSQL 13 or later, version 1.
--
-- The store creates it at start if it is missing. To create it by hand, run as the role that the servers use:
--     psql --single-transaction --set ON_ERROR_STOP=1 --file Schema.sql
-- For another schema name, replace every hanzo_sessions.

DO $$
BEGIN
    IF to_regnamespace('hanzo_sessions') IS NULL THEN
        CREATE SCHEMA hanzo_sessions;
    END IF;
END $$;

CREATE TABLE hanzo_sessions.schema_version (
    version integer NOT NULL
);

INSERT INTO hanzo_sessions.schema_version (version) VALUES (1);

-- One row per session, active or ended. Text sorts and compares by code point: COLLATE "C" in a database in UTF8.
-- Instants are whole milliseconds.
CREATE TABLE hanzo_sessions.sessions (
    id                      uuid                 NOT NULL,
    token_hash              bytea                NOT NULL CHECK (octet_length(token_hash) = 32),
    organization            text     COLLATE "C" NOT NULL,
    user_name               text     COLLATE "C" NOT NULL,
    application             text     COLLATE "C" NOT NULL,
    ip_address              text     COLLATE "C",
    ip_network              text     COLLATE "C",
    user_agent              text     COLLATE "C",
    authentication_methods  text     COLLATE "C",
    created_at              timestamptz          NOT NULL,
    last_active_at          timestamptz          NOT NULL,
    idle_timeout_ms         bigint               NOT NULL,
    expires_at              timestamptz          NOT NULL,
    -- The earlier of last_active_at + idle_timeout and expires_at; of an ended session, ended_at.
    active_until            timestamptz          NOT NULL,
    -- When clean-up examines the row next: never after active_until, and not moved by activity. Null for an ended
    -- session, so that the planner knows how few are due.
    due_at                  timestamptz,
    keep_history_until      timestamptz,
    -- Null until the session is ended, even if it has timed out.
    ended_at                timestamptz,
    end_reason              smallint,
    ended_by                text     COLLATE "C",
    -- The claims that the host keeps with the session. Ending the session removes them.
    payload                 bytea,
    CONSTRAINT sessions_by_id PRIMARY KEY (id),
    CONSTRAINT sessions_by_token UNIQUE (token_hash),
    CONSTRAINT sessions_end_is_whole CHECK (
        (ended_at IS NULL) = (end_reason IS NULL)
        AND (ended_at IS NULL) = (due_at IS NOT NULL)
        AND (ended_at IS NULL OR (active_until = ended_at AND payload IS NULL)))
)
-- No index below names last_active_at or active_until: writing an activity changes no index, and if the page has
-- room left, it is a HOT update.
WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- For database clients: who is signed in now, and which sessions have ended, when, why and by whom.
-- Without the token's hash and the claims.
CREATE VIEW hanzo_sessions.active_sessions AS
    SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
        created_at, last_active_at, active_until, expires_at
    FROM hanzo_sessions.sessions
    WHERE ended_at IS NULL AND active_until > now();

CREATE VIEW hanzo_sessions.ended_sessions AS
    SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
        created_at, last_active_at, active_until AS ended_at,
        CASE coalesce(end_reason, CASE WHEN active_until < expires_at THEN 6 ELSE 7 END)
            WHEN 1 THEN 'SignedOut' WHEN 2 THEN 'TerminatedByUser' WHEN 3 THEN 'TerminatedByAdmin' WHEN 4 THEN 'Evicted'
            WHEN 5 THEN 'Replaced' WHEN 6 THEN 'IdleTimeout' WHEN 7 THEN 'Expired' WHEN 8 THEN 'PasswordChanged'
            WHEN 9 THEN 'UserDisabled' WHEN 10 THEN 'UserDeleted' END AS reason,
        ended_by
    FROM hanzo_sessions.sessions
    WHERE ended_at IS NOT NULL OR active_until <= now();

-- The sessions of a user, the limit, records in their usual order.
CREATE INDEX sessions_of_user ON hanzo_sessions.sessions
    (organization, user_name, application, created_at, id) WHERE ended_at IS NULL;

-- Lists by creation, of an organization and of all.
CREATE INDEX sessions_of_organization ON hanzo_sessions.sessions
    (organization, created_at, id) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_creation ON hanzo_sessions.sessions
    (created_at, id) WHERE ended_at IS NULL;

-- The sessions that clean-up has to examine.
CREATE INDEX sessions_due ON hanzo_sessions.sessions
    (due_at) WHERE due_at IS NOT NULL;

-- History of a user, of an organization and of all; purging.
CREATE INDEX history_of_user ON hanzo_sessions.sessions
    (organization, user_name, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX history_of_organization ON hanzo_sessions.sessions
    (organization, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX history_by_end ON hanzo_sessions.sessions
    (ended_at, id) WHERE ended_at IS NOT NULL;
