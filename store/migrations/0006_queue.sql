-- The queue of the desk: signals by the day of their words, the latest raised
-- first within a day.

CREATE INDEX signals_by_queue ON signals (day, at, id, event, topic, reason);
CREATE INDEX signals_doubtful ON signals (day, at, id) WHERE candidate <> '';
CREATE INDEX signals_by_line ON signals (actor, topic, day, id);
CREATE INDEX care_by_owner ON care (owner) WHERE owner <> '';
