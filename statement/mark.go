package statement

// Mark is a handling mark: who may be shown what carries it. Source: Traffic
// Light Protocol 2.0, FIRST.
type Mark string

// The handling marks, widest first.
const (
	Clear       Mark = "TLP:CLEAR"        // everybody
	Green       Mark = "TLP:GREEN"        // the community
	Amber       Mark = "TLP:AMBER"        // the organisation and its clients, who need to know
	AmberStrict Mark = "TLP:AMBER+STRICT" // the organisation, who need to know
	Red         Mark = "TLP:RED"          // those who were given it, nobody else
)

// Marks lists the handling marks, widest first.
var Marks = []Mark{Clear, Green, Amber, AmberStrict, Red}
