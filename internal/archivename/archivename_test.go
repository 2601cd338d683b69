package archivename

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dtafgen/wxt/dtaf/oci"
	"github.com/dtafgen/wxt/internal/testkit"
	"github.com/dtafgen/wxt/tags"
)

func TestPackageNames(t *testing.T) {
	var got strings.Builder
	for _, p := range tags.Platforms() {
		for month := time.January; month <= time.December; month++ {
			want := Package{p, "3.9.18", month, 2026}
			name := want.String()
			got.WriteString(name + "\n")
			parsed, ok := ParsePackage(name)
			assert.True(t, ok)
			assert.Equal(t, want, parsed)
		}
	}
	testkit.Golden(t, "package-names.txt", got.String())
	for _, name := range []string{
		"", "x.zip", "ucone-phone-ucaas-3.9.18-wxt-Nov2026_DTAF.zip", "ucone-mobile-ucaas-3.9-wxt-Nov2026_DTAF.zip",
		"ucone-mobile-ucaas-3.9.18-wxt-Nox2026_DTAF.zip", "a/ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip",
	} {
		_, ok := ParsePackage(name)
		assert.False(t, ok, name)
	}
	for _, name := range []string{"ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip", "x/ucone-mobile-ucaas-3.9.18-wxt-Nov2026_DTAF.zip/Connect(R24.0).DTAF.zip"} {
		p, ok := PackageOf(name, "")
		assert.True(t, ok, name)
		assert.Equal(t, tags.Mobile, p.Platform)
	}
	_, ok := PackageOf("a.zip", "x/ucone-tablet-ucaas-3.9.18-wxt-Nov2026_DTAF")
	assert.True(t, ok, "the folder around the files")
	_, ok = PackageOf("a.zip", "")
	assert.False(t, ok)
	assert.NoError(t, CheckVersion("3.9.18"))
	for _, v := range []string{"", "3.9", "3.9.18.1", "v3.9.18", "3.9.x", "3.9.18\n"} {
		assert.Error(t, CheckVersion(v), v)
	}
}

func TestLabels(t *testing.T) {
	for name, want := range map[string]string{
		"Connect_-_Mobile(R24.0).DTAF.zip": "R24.0", "x/D-R21.SP1.zip": "R21.SP1", "R23/a.zip": "", "R22": "R22.0", "a.zip": "", "XR22.zip": "",
		"M(R22.0)(R23.0).zip": "R23.0",
	} {
		l, ok := LabelOf(name)
		assert.Equal(t, want, l.String(), name)
		assert.Equal(t, want != "", ok, name)
	}
	old, _ := LabelOf("R21.SP1")
	assert.Equal(t, -1, old.Compare(LabelFor(oci.R22)))
	assert.Equal(t, 1, LabelFor(oci.R23).Compare(LabelFor(oci.R22)))
	assert.Equal(t, 0, LabelFor(oci.R21SP1).Compare(old))
	assert.Equal(t, "Business_Communicator_-_PC(R23.0).DTAF.zip", Archive("Business Communicator - PC", Label{}, oci.R23))
	assert.Equal(t, "A_B(R24.0).DTAF.zip", Archive("A/B", Label{}, oci.R25))
	assert.Equal(t, "A(R21.SP1).DTAF.zip", Archive("A", old, oci.R25))
}
