package wxt

import (
	"strings"

	"github.com/dtafgen/wxt/schema"
)

// functions are what the rules do that have no rows, by code: those of
// rules_*.go. The table of package schema, rules.toml, has the rest of each: its
// severity, its texts and its tags. A rule without a function is reported by what
// reads a file, or by another rule that looks at the same thing.
var functions = map[string]Rule{
	"WXT001": {},
	"WXT002": {},
	"WXT003": {},
	"WXT004": {},
	"WXT005": {},
	"WXT006": {Project: checkSettings},
	"WXT007": {},
	"WXT008": {Project: checkTagSets},
	"WXT010": {Target: checkValues},
	"WXT011": {}, // by WXT010, as the next ones
	"WXT012": {},
	"WXT013": {},
	"WXT014": {},
	"WXT015": {Target: checkPortOrder},
	"WXT016": {Target: checkPortOverlap},
	"WXT017": {},
	"WXT018": {},
	"WXT020": {Target: checkRawXML, Template: checkRawXMLTemplate, Manifest: checkRawXMLRequests},
	"WXT021": {Target: checkEncoding},
	"WXT022": {Target: checkNoPlace},
	"WXT030": {Project: checkReconstructed, Target: checkGuesses},
	"WXT031": {Project: checkAccessHost},
	"WXT032": {Project: checkOldRelease},
	"WXT033": {Target: checkLines},

	"WXT040": {},
	"WXT041": {Target: checkBaseRelease},
	"WXT042": {},
	"WXT043": {},
	"WXT044": {Target: checkNoValue},
	"WXT045": {Target: checkVendorTemplate},
	"WXT046": {},
	"WXT050": {Project: checkSecrets},

	"WXT060": {},
	"WXT061": {},
	"WXT062": {},
	"WXT063": {},
	"WXT064": {},
	"WXT065": {},

	"WXT070": {},
	"WXT071": {Template: checkWellFormed},
	"WXT072": {Template: checkCutPlaceholders},
	"WXT073": {Template: checkMisspeltPlaceholders},
	"WXT074": {Template: checkUnknownSystemTags},
	"WXT075": {Template: checkUCOnePlaceholders},
	"WXT076": {Template: checkElementTwice},
	"WXT077": {Template: checkOtherPlatform},
	"WXT078": {Template: checkLackingTags},
	"WXT080": {},
	"WXT081": {Manifest: checkUnnamedFiles},
	"WXT082": {Manifest: checkAbsentFiles},
	"WXT083": {Manifest: checkDeviceTypeNames},
	"WXT084": {},
	"WXT085": {},

	"WXT090": {Template: checkEncodingDisagrees},
	"WXT091": {Template: checkEncodingBytes},
	"WXT092": {Template: checkEncodingLacks},
	"WXT093": {Manifest: checkEncodingMissing},

	"WXT101": {Target: checkTLSToAddress},
	"WXT106": {Target: checkDiscoveryOfAddress},
	"WXT108": {Target: checkSourcePortInRange},
	"WXT109": {Target: checkPortRangeSmall},
	"WXT110": {Target: checkPortRangeOdd},
	"WXT123": {Target: checkEmergencyNumbersDialable},
	"WXT126": {Target: checkXsiPathSlash},
	"WXT127": {Target: checkCallSettingsURL},
	"WXT129": {Target: checkCallSettingsHost},
	"WXT132": {Target: checkSBCAddress},

	"WXT201": {},
	"WXT202": {},
	"WXT203": {},
	"WXT204": {},
	"WXT205": {Manifest: checkMACCert},
	"WXT206": {Manifest: checkRemotePartyInfo},
	"WXT207": {Manifest: checkTagMode},
	"WXT208": {Manifest: checkPlainAccess},
}

const xsiPathSlash = "WXT126"

// Rules returns the rules of this package, by code.
func Rules() []Rule {
	var list []Rule
	for _, r := range schema.Rules() {
		rule := functions[r.Code]
		rule.Rule = r
		list = append(list, rule)
	}
	return list
}

// withFunctions returns the rules of this package and others that have anything
// to call: rows are called as one more function over targets.
func withFunctions(others []Rule) []Rule {
	var list []Rule
	for _, r := range append(Rules(), others...) {
		r = r.withRows()
		if r.Project != nil || r.Target != nil || r.Template != nil || r.Manifest != nil {
			list = append(list, r)
		}
	}
	return list
}

// withRows has a rule look for what its rows say, if it has any, beside what its
// function for targets looks for.
func (r Rule) withRows() Rule {
	if own := r.Target; len(r.Rows) > 0 {
		r.Target = func(p *Pass) {
			checkRows(p)
			if own != nil {
				own(p)
			}
		}
	}
	return r
}

// checkRows looks for the combinations of values that the rule's rows have.
func checkRows(p *Pass) {
	for _, row := range p.Rule.Rows {
		if !p.holds(row.When) || len(row.Unless) > 0 && p.holds(row.Unless) {
			continue
		}
		says := row.Says
		if says == "" {
			says = strings.Join(row.When, ", and ")
		}
		for _, tag := range row.Idle {
			p.idle(tag, row.Remedy, says)
		}
		if len(row.Idle) > 0 {
			continue
		}
		at := row.At
		if len(at) == 0 {
			for _, c := range row.When {
				tag, _, _ := strings.Cut(c, " is ")
				at = append(at, tag)
			}
		}
		p.reportTag(at[0], p.where(at...), row.Remedy, "%s", says)
	}
}

// holds reports whether the target is known to meet all of some conditions: see
// [schema.Row].
func (p *Pass) holds(conditions []string) bool {
	for _, c := range conditions {
		tag, is, _ := strings.Cut(c, " is ")
		v, ok := p.Value(tag)
		switch is {
		case "true":
			ok = p.isOn(tag)
		case "false":
			ok = p.isOff(tag)
		case "empty":
			ok = ok && v.Value == ""
		case "set":
			ok = ok && v.Value != ""
		default:
			ok = ok && v.Value == is
		}
		if !ok {
			return false
		}
	}
	return true
}
