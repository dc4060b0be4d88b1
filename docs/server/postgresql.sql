-- Set-up D: the store is in a PostgreSQL database, and the database itself knows who everybody is.
--
--   createdb team
--   psql -v ON_ERROR_STOP=1 -d team -f docs/server/postgresql.sql        as who owns the database; again at any time
--   psql -d team -c "CREATE ROLE ana LOGIN" -c "GRANT huntertui_rep TO ana" -c "\password ana"
--
-- It makes the tables, a role for reps and one for leads, and the rules below. They hold for whatever program a
-- member connects with: nobody writes as somebody else, and no row is ever changed or deleted by a member. A login
-- is the member's name in the program, whatever his account on the machine is called.
--
-- Row security and roles are PostgreSQL's: on an engine without them the program works as well, but then a login is
-- only a way in, and the history is advice. Nothing here is needed for the program to run.

BEGIN;

\ir ../../huntertui/store/postgres/schema.sql

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'huntertui_rep') THEN
        CREATE ROLE huntertui_rep NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'huntertui_lead') THEN
        CREATE ROLE huntertui_lead NOLOGIN;
    END IF;
END
$$;
GRANT huntertui_rep TO huntertui_lead;

UPDATE huntertui.store SET by_login = true;

-- A rep reads everything, adds rows, and takes the next number. He changes and deletes nothing.
REVOKE ALL ON SCHEMA huntertui FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA huntertui FROM PUBLIC, huntertui_rep, huntertui_lead;
GRANT USAGE ON SCHEMA huntertui TO huntertui_rep;
GRANT SELECT ON huntertui.store, huntertui.change, huntertui.doc TO huntertui_rep;
GRANT UPDATE (seq) ON huntertui.store TO huntertui_rep;
GRANT INSERT ON huntertui.change, huntertui.doc TO huntertui_rep;

ALTER TABLE huntertui.store ENABLE ROW LEVEL SECURITY;
ALTER TABLE huntertui.change ENABLE ROW LEVEL SECURITY;
ALTER TABLE huntertui.doc ENABLE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS look ON huntertui.store;
DROP POLICY IF EXISTS look ON huntertui.change;
DROP POLICY IF EXISTS look ON huntertui.doc;
CREATE POLICY look ON huntertui.store FOR SELECT USING (true);
CREATE POLICY look ON huntertui.change FOR SELECT USING (true);
CREATE POLICY look ON huntertui.doc FOR SELECT USING (true);

-- The number goes up by one, never elsewhere.
DROP POLICY IF EXISTS next ON huntertui.store;
CREATE POLICY next ON huntertui.store FOR UPDATE USING (true)
    WITH CHECK (seq = 1 + (SELECT coalesce(max(seq), 0) FROM huntertui.change));

-- A change has that number, and names the login that makes it.
DROP POLICY IF EXISTS own ON huntertui.change;
CREATE POLICY own ON huntertui.change FOR INSERT
    WITH CHECK (who = session_user AND seq = (SELECT seq FROM huntertui.store WHERE one = 1));

-- A document is written by the change that is being made. Where it says by whom, in the history, in messages and the
-- like, it says the truth: a new one names the login, and a later version names whom it named before. The history
-- of others can only be moved to another item, as merging two does, or brought back as it was; what one has
-- written oneself can be taken back.
DROP POLICY IF EXISTS own ON huntertui.doc;
CREATE POLICY own ON huntertui.doc FOR INSERT TO huntertui_rep WITH CHECK (
    seq = (SELECT seq FROM huntertui.store WHERE one = 1)
    AND EXISTS (SELECT FROM huntertui.change c WHERE c.seq = doc.seq AND c.who = session_user)
    AND CASE
        WHEN tbl NOT IN ('events', 'messages', 'members', 'imports', 'do_not_contact') THEN true
        WHEN NOT EXISTS (SELECT FROM huntertui.doc b WHERE b.tbl = doc.tbl AND b.id = doc.id AND b.seq < doc.seq)
            THEN data->>'by' = session_user
        WHEN tbl = 'events' AND data IS NOT NULL AND data->>'by' IS DISTINCT FROM session_user THEN EXISTS (
            SELECT FROM huntertui.doc b WHERE b.tbl = doc.tbl AND b.id = doc.id AND b.seq < doc.seq
                AND CAST(b.data AS jsonb) - 'opportunity' = CAST(doc.data AS jsonb) - 'opportunity')
        WHEN tbl = 'members' AND data->>'by' = session_user THEN true
        ELSE EXISTS (
            SELECT FROM huntertui.doc b WHERE b.tbl = doc.tbl AND b.id = doc.id AND b.seq < doc.seq
                AND b.data->>'by' = coalesce(doc.data->>'by', session_user))
    END
);

-- A lead may also put right what others have written. That he did it is in the change, which names him.
DROP POLICY IF EXISTS lead ON huntertui.doc;
CREATE POLICY lead ON huntertui.doc FOR INSERT TO huntertui_lead WITH CHECK (
    seq = (SELECT seq FROM huntertui.store WHERE one = 1)
    AND EXISTS (SELECT FROM huntertui.change c WHERE c.seq = doc.seq AND c.who = session_user)
);

COMMIT;
