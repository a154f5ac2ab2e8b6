package store

import (
	"fmt"

	"palabre/statement"
)

// pinned returns the event that a person put the report into, if somebody did,
// else the one that the machine found, which is nil where it would open one.
func (c *chronicle) pinned(found *event, r *account) (*event, error) {
	own := statement.EventID(&r.position, r.statement)
	at := own
	if found != nil {
		at = found.id
	}
	var goes string
	decided, err := c.find(`SELECT goes FROM pins WHERE statement = ? AND event = ?`, []any{r.statement, at}, &goes)
	if err != nil {
		return nil, fmt.Errorf("look up what people decided: %w", err)
	}
	if !decided {
		return found, nil
	}
	if goes == "" {
		goes = own
	}
	there, err := c.events(`id = ?`, goes)
	if err != nil || len(there) == 0 {
		return nil, err
	}
	return c.once(there[0]), nil
}
