-- Step 1 of the schema, place: where a session was last used, and which sessions must not be adopted once more.
--
-- The store runs it at start if it is missing, also while servers of 0.1 use the schema. To run it by hand, as the role
-- that owns the tables (again, if a lock was not available):
--     psql --set ON_ERROR_STOP=1 --file 001-place.sql
-- For another schema name, replace every hanzo_sessions.

BEGIN;

-- Which steps the schema has. schema_version names the oldest version that can use it.
CREATE TABLE IF NOT EXISTS hanzo_sessions.schema_steps (
    step        integer               NOT NULL,
    name        text      COLLATE "C" NOT NULL,
    applied_at  timestamptz           NOT NULL DEFAULT now(),
    CONSTRAINT schema_steps_by_number PRIMARY KEY (step)
);

-- The ids of sessions that were adopted from another cookie, and whose user was forgotten: that cookie must not be
-- adopted once more.
CREATE TABLE hanzo_sessions.forgotten_sessions (
    id          uuid         NOT NULL,
    keep_until  timestamptz  NOT NULL,
    CONSTRAINT forgotten_sessions_by_id PRIMARY KEY (id)
);
CREATE INDEX forgotten_sessions_by_end ON hanzo_sessions.forgotten_sessions (keep_until);

-- The roles that may change sessions may use the new tables too.
DO $$
DECLARE
    granted regrole;
BEGIN
    FOR granted IN
        SELECT DISTINCT rights.grantee
        FROM pg_class AS tables, aclexplode(tables.relacl) AS rights
        WHERE tables.oid = 'hanzo_sessions.sessions'::regclass
            AND rights.privilege_type = 'INSERT' AND rights.grantee NOT IN (0, tables.relowner)
    LOOP
        EXECUTE format('GRANT SELECT ON hanzo_sessions.schema_steps TO %s', granted);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON hanzo_sessions.forgotten_sessions TO %s', granted);
    END LOOP;
END $$;

INSERT INTO hanzo_sessions.schema_steps (step, name) VALUES (1, 'place');

-- While this statement waits for a transaction that uses the table, requests wait behind it.
SET LOCAL lock_timeout = '500ms';
-- All null: the session was only used where it was signed in.
ALTER TABLE hanzo_sessions.sessions
    ADD COLUMN last_ip_address   text         COLLATE "C",
    ADD COLUMN last_ip_network   text         COLLATE "C",
    ADD COLUMN last_user_agent   text         COLLATE "C",
    -- The last address of the other family: of the two that a client with IPv4 and IPv6 uses in turn.
    ADD COLUMN other_ip_address  text         COLLATE "C",
    ADD COLUMN moved_at          timestamptz;

-- The last place is null where it is that of the sign-in.
SET LOCAL lock_timeout = '100ms';
CREATE OR REPLACE VIEW hanzo_sessions.active_sessions AS
    SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
        created_at, last_active_at, active_until, expires_at,
        nullif(last_ip_address, ip_address) AS last_ip_address,
        nullif(last_user_agent, user_agent) AS last_user_agent,
        moved_at
    FROM hanzo_sessions.sessions
    WHERE ended_at IS NULL AND active_until > now();

CREATE OR REPLACE VIEW hanzo_sessions.ended_sessions AS
    SELECT id, organization, user_name, application, ip_address, user_agent, authentication_methods,
        created_at, last_active_at, active_until AS ended_at,
        CASE coalesce(end_reason, CASE WHEN active_until < expires_at THEN 6 ELSE 7 END)
            WHEN 1 THEN 'SignedOut' WHEN 2 THEN 'TerminatedByUser' WHEN 3 THEN 'TerminatedByAdmin' WHEN 4 THEN 'Evicted'
            WHEN 5 THEN 'Replaced' WHEN 6 THEN 'IdleTimeout' WHEN 7 THEN 'Expired' WHEN 8 THEN 'PasswordChanged'
            WHEN 9 THEN 'UserDisabled' WHEN 10 THEN 'UserDeleted' WHEN 11 THEN 'Moved' WHEN 12 THEN 'Reported'
            WHEN 13 THEN 'SignedOutAtProvider' WHEN 14 THEN 'RevokedAtProvider' WHEN 15 THEN 'NotDelivered' END AS reason,
        ended_by,
        nullif(last_ip_address, ip_address) AS last_ip_address,
        nullif(last_user_agent, user_agent) AS last_user_agent,
        moved_at
    FROM hanzo_sessions.sessions
    WHERE ended_at IS NOT NULL OR active_until <= now();

COMMIT;
