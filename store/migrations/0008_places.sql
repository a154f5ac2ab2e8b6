-- Who stands where on a day, what is said of a place, and sources that the desk
-- entered or paused.

CREATE INDEX events_by_line ON events (actor, topic, target, first_hand, day, seen, n) WHERE binding AND reports > 0;
CREATE INDEX signals_of_matters ON signals (day, actor, topic, target, at, id);

-- A place and everything that it lies in, itself among them.
CREATE TABLE place_over (
	place TEXT NOT NULL,
	over  TEXT NOT NULL,
	PRIMARY KEY (place, over)
) STRICT, WITHOUT ROWID;

-- Statements that name a place, or one that lies in it, by their day.
CREATE TABLE place_days (
	place     TEXT NOT NULL,
	day       INTEGER NOT NULL,
	statement TEXT NOT NULL REFERENCES statements (id),
	PRIMARY KEY (place, day, statement)
) STRICT, WITHOUT ROWID;

CREATE INDEX place_days_by_statement ON place_days (statement);

-- The same counted by spans of 32 days, so that a map of everything costs a few
-- thousand rows.
CREATE TABLE place_tallies (
	place TEXT NOT NULL,
	span  INTEGER NOT NULL, -- day >> 5
	n     INTEGER NOT NULL,
	PRIMARY KEY (place, span)
) STRICT, WITHOUT ROWID;

-- Positions that a deed shows, and those that are a side of a local accord.
ALTER TABLE positions ADD COLUMN deed TEXT NOT NULL DEFAULT '';
UPDATE positions SET deed = CASE act WHEN 'ceasefire' THEN 'accord' ELSE 'deed' END WHERE act <> '';
CREATE INDEX positions_of_deeds ON positions (statement, event, deed) WHERE deed <> '' AND current;

-- A source stands in the configuration, was entered at the desk, or both; then
-- the configuration holds.
ALTER TABLE sources ADD COLUMN configured INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sources ADD COLUMN entered TEXT NOT NULL DEFAULT '';    -- the source as JSON, as the desk has it
ALTER TABLE sources ADD COLUMN halted TEXT NOT NULL DEFAULT '';     -- who paused it at the desk
