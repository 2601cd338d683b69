package wxt

import (
	"slices"

	"github.com/dtafgen/wxt/schema"
)

// functions are what the rules do, by code. The table of package schema has the
// rest of each. A code that is not here is told of by what reads a file, or by
// another rule that looks at the same: WXT011 to WXT014 by WXT010.
var functions = map[string]Rule{
	"WXT006": {Project: checkSettings},
	"WXT008": {Project: checkTagSets},
	"WXT010": {Target: checkValues},
	"WXT015": {Target: checkPortOrder},
	"WXT016": {Target: checkPortOverlap},
	"WXT020": {Target: checkRawXML, Template: checkRawXMLTemplate, Manifest: checkRawXMLRequests},
	"WXT021": {Target: checkEncoding},
	"WXT022": {Target: checkNoPlace},
	"WXT030": {Project: checkReconstructed, Target: checkGuesses},
	"WXT031": {Project: checkAccessHost},

	"WXT041": {Target: checkBaseRelease},
	"WXT044": {Target: checkNoValue},
	"WXT045": {Target: checkVendorTemplate},
	"WXT050": {Project: checkSecrets},

	"WXT071": {Template: checkWellFormed},
	"WXT072": {Template: checkCutPlaceholders},
	"WXT073": {Template: checkMisspeltPlaceholders},
	"WXT074": {Template: checkReservedPlaceholders},
	"WXT075": {Template: checkUCOnePlaceholders},
	"WXT076": {Template: checkElementTwice},
	"WXT077": {Template: checkOtherPlatform},
	"WXT078": {Template: checkLackingTags},
	"WXT081": {Manifest: checkUnnamedFiles},
	"WXT082": {Manifest: checkAbsentFiles},
	"WXT083": {Manifest: checkDeviceTypeNames},

	"WXT090": {Template: checkEncodingDisagrees},
	"WXT091": {Template: checkEncodingBytes},
	"WXT092": {Template: checkEncodingLacks},
	"WXT093": {Manifest: checkEncodingMissing},

	"WXT101": {Target: checkTLSToAddress},
	"WXT102": {Target: checkSRTPWithoutTLS},
	"WXT103": {Target: checkSRTPModeIdle},
	"WXT104": {Target: checkSRTPModeFalse},
	"WXT105": {Target: checkDiscoveryTransports},
	"WXT106": {Target: checkDiscoveryOfAddress},
	"WXT107": {Target: checkDiscoveryIdle},
	"WXT108": {Target: checkSourcePortInRange},
	"WXT109": {Target: checkPortRangeSmall},
	"WXT110": {Target: checkPortRangeOdd},
	"WXT111": {Target: checkRportIdle},
	"WXT112": {Target: checkTCPThresholdIdle},
	"WXT113": {Target: checkAnywhereIdle},
	"WXT114": {Target: checkAnywhereHidden},
	"WXT115": {Target: checkVisualVoiceMail},
	"WXT116": {Target: checkMWIModeIdle},
	"WXT117": {Target: checkForcedLogoutApp},
	"WXT118": {Target: checkForcedLogoutIdle},
	"WXT119": {Target: checkBusyLampIdle},
	"WXT120": {Target: checkBusyLampCaller},
	"WXT121": {Target: checkCallParkIdle},
	"WXT122": {Target: checkEmergencyNumbersMissing},
	"WXT123": {Target: checkEmergencyNumbersDialable},
	"WXT124": {Target: checkEmergencyIdle},
	"WXT125": {Target: checkXsiPathsRoot},
	"WXT126": {Target: checkXsiPathSlash},
	"WXT127": {Target: checkCallSettingsURL},
	"WXT128": {Target: checkCallSettingsTarget},
	"WXT129": {Target: checkCallSettingsHost},
	"WXT131": {Target: checkAutoAnswer},
	"WXT132": {Target: checkSBCAddress},

	"WXT205": {Manifest: checkMACCert},
	"WXT206": {Manifest: checkRemotePartyInfo},
	"WXT207": {Manifest: checkTagMode},
	"WXT208": {Manifest: checkPlainAccess},
}

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
// to call.
func withFunctions(others []Rule) []Rule {
	return slices.DeleteFunc(append(Rules(), others...), func(r Rule) bool {
		return r.Project == nil && r.Target == nil && r.Template == nil && r.Manifest == nil
	})
}
