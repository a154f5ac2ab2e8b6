-- What people hold of positions, beside what the machine finds. A row is about
-- the position that it names, in whatever reading: it stays when the statement is
-- read again. It is worked out from the desk log, which may know of a statement
-- before the record does.
CREATE TABLE corrections (
	statement TEXT NOT NULL,    -- first revision
	actor     TEXT NOT NULL,    -- of the position that it is about
	topic     TEXT NOT NULL,
	target    TEXT NOT NULL,
	missed    INTEGER NOT NULL, -- the machine had not found it
	details   TEXT NOT NULL,    -- JSON
	desk      TEXT NOT NULL,    -- ID of the desk event
	PRIMARY KEY (statement, actor, topic, target)
) STRICT, WITHOUT ROWID;

-- An actor's events over time, without reading the events themselves.
CREATE INDEX events_by_course ON events (actor, day, seen, topic, target, stance, first_hand, binding, reports) WHERE reports > 0;
