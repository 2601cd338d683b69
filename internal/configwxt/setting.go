package configwxt

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dtafgen/wxt/schema"
)

// The settings of config-wxt.xml.
const (
	AudioCodecs      schema.Setting = "audio-codecs"
	VideoCodecs      schema.Setting = "video-codecs"
	RegisterRefresh  schema.Setting = "register-refresh"  // seconds
	SubscribeRefresh schema.Setting = "subscribe-refresh" // seconds
	Transport        schema.Setting = "transport"         // udp, tcp or tls
	SIPInfo          schema.Setting = "sip-info"          // true or false
	SIPInfoPeriod    schema.Setting = "sip-info-period"   // seconds
)

// CheckPlace returns an error that says what is wrong with path as a place in
// config-wxt.xml, or nil.
func CheckPlace(path string) error {
	steps := strings.Split(path, "/")
	last := len(steps) - 1
	steps[last] = strings.TrimPrefix(steps[last], "@")
	for _, name := range steps {
		if !placeStep.MatchString(name) {
			last = 0
		}
	}
	if steps[0] != "config" || last == 0 {
		return fmt.Errorf("%q is not a place in config-wxt.xml, such as config/services/calls/call-pull/@enabled", path)
	}
	return nil
}

var placeStep = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
