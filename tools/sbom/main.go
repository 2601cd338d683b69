// Sbom writes the bill of materials of a Go program in the format of CycloneDX:
// what the program itself says that it was built of.
//
//	sbom -binary dtafgen -output dtafgen.cdx.json
package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	binary := flag.String("binary", "", "the program")
	output := flag.String("output", "", "the file to write")
	flag.Parse()
	if err := run(*binary, *output); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(binary, output string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	bom := cyclonedx.NewBOM()
	main := component(&info.Main, cyclonedx.ComponentTypeApplication)
	standard := cyclonedx.Component{
		BOMRef: "pkg:golang/std@" + info.GoVersion, Type: cyclonedx.ComponentTypeLibrary, Name: "std",
		Version: info.GoVersion, PackageURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"),
	}
	bom.Metadata = &cyclonedx.Metadata{Component: &main}
	components := []cyclonedx.Component{standard}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		components = append(components, component(m, cyclonedx.ComponentTypeLibrary))
	}
	refs := make([]string, len(components))
	for i, c := range components {
		refs[i] = c.BOMRef
	}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: main.BOMRef, Dependencies: &refs}}
	var b bytes.Buffer
	if err := cyclonedx.NewBOMEncoder(&b, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom); err != nil {
		return err
	}
	// What can't be read again is no bill.
	var again cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(b.Bytes()), cyclonedx.BOMFileFormatJSON).Decode(&again); err != nil {
		return err
	}
	if again.Components == nil || len(*again.Components) != len(info.Deps)+1 || len(info.Deps) == 0 {
		return errors.New("the bill lacks modules")
	}
	return os.WriteFile(output, b.Bytes(), 0o666)
}

func component(m *debug.Module, kind cyclonedx.ComponentType) cyclonedx.Component {
	ref := "pkg:golang/" + strings.ToLower(m.Path) + "@" + m.Version
	c := cyclonedx.Component{BOMRef: ref, Type: kind, Name: m.Path, Version: m.Version, PackageURL: ref}
	if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:")); err == nil && len(sum) > 0 {
		c.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum)}}
	}
	return c
}
