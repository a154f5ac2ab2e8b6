package statement

// SavedSearch is a query that somebody keeps under a name. The name can stand in
// other queries, as search:"name", and at the end of a feed's address.
type SavedSearch struct {
	ID    string `json:"id"`
	Name  string `json:"name"`  // unique among the searches that are kept, case folded
	Query string `json:"query"` // in the query language
	Owner string `json:"owner"` // who saved it
}

// Exported says what was taken out of the record.
type Exported struct {
	Query  string `json:"query"`
	Window string `json:"window,omitempty"` // of dates, as the query language writes it; empty for all
	Format string `json:"format"`
	Count  int    `json:"count"` // statements
	Mark   Mark   `json:"mark"`
	Pack   string `json:"pack"` // version of the rules
}
