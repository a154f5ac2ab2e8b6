-- The audit page looks through the desk log by person and by what was done.
CREATE INDEX desk_log_by_who ON desk_log (who, seq);
CREATE INDEX desk_log_by_action ON desk_log (action, seq);

-- The page of a rule shows what it tagged lately.
CREATE INDEX positions_by_rule ON positions (rule, n) WHERE current;
