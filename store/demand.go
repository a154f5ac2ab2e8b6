package store

import "palabre/statement"

// demands knows the kinds of demand.
type demands struct {
	kindOf map[string]*statement.DemandKind
}

func newDemands(reg *statement.Registry) *demands {
	d := &demands{kindOf: make(map[string]*statement.DemandKind)}
	for i := range reg.Demands {
		d.kindOf[reg.Demands[i].ID] = &reg.Demands[i]
	}
	return d
}

func (d *demands) kinds(condition string) []string                { return nil }
func (d *demands) timing(condition string) statement.DemandTiming { return statement.BeforeTalks }

// label is how people are shown a kind of demand.
func (d *demands) label(kind string) string {
	if k := d.kindOf[kind]; k != nil {
		return k.Label.En
	}
	return kind
}
