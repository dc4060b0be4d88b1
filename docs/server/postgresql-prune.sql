-- Drops what undo cannot reach any more: changes older than 14 days, and the versions that they wrote, as far as
-- newer ones stand in their place by then. Every document stays as it is. Run it by night, as the tables' owner:
--
--   psql -v ON_ERROR_STOP=1 -d team -f docs/server/postgresql-prune.sql
--
-- A program that was away for longer reads everything anew.

BEGIN;

CREATE TEMPORARY TABLE upto ON COMMIT DROP AS
    SELECT least(max(c.seq), min(s.seq) - 1) AS seq -- the last change always stays
    FROM huntertui.change c, huntertui.store s WHERE c.at < now() - interval '14 days';

DELETE FROM huntertui.doc d USING upto WHERE d.seq <= upto.seq AND EXISTS (
    SELECT FROM huntertui.doc later
    WHERE later.tbl = d.tbl AND later.id = d.id AND later.seq > d.seq AND later.seq <= upto.seq);

DELETE FROM huntertui.change c USING upto WHERE c.seq <= upto.seq;

COMMIT;
