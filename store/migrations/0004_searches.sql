-- Queries that people keep under a name. Of several with one name, that counts
-- which has had it longest.
CREATE TABLE searches (
	id     TEXT PRIMARY KEY,
	name   TEXT NOT NULL,
	folded TEXT NOT NULL,    -- the name, case folded
	query  TEXT NOT NULL,
	owner  TEXT NOT NULL,
	place  INTEGER NOT NULL  -- number of the desk event that gave it the name
) STRICT;

CREATE INDEX searches_by_name ON searches (folded, place);
