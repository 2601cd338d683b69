package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dtafgen/wxt/internal/codes"
	"github.com/dtafgen/wxt/schema"
)

func TestFindingString(t *testing.T) {
	f := schema.Finding{Code: "WXT012", Severity: schema.Warning, Position: schema.Position{File: "dtafgen.toml", Line: 3, Column: 9}, Message: "m"}
	assert.Equal(t, "dtafgen.toml:3:9: warning: m [WXT012]", f.String())
	for want, p := range map[string]schema.Position{
		"-": {}, "f": {File: "f"}, "f:1": {File: "f", Line: 1}, "-:1:2": {Line: 1, Column: 2},
	} {
		assert.Equal(t, want, p.String())
	}
}

func TestFindingJSON(t *testing.T) {
	f := schema.NewFinding(codes.Tag, schema.Position{File: "f", Line: 1, Column: 2}, "r", "unknown tag %s", "X")
	text, err := json.Marshal(f)
	require.NoError(t, err)
	assert.JSONEq(t, `{"code":"WXT003","severity":"error","file":"f","line":1,"column":2,"message":"unknown tag X","remedy":"r"}`, string(text))
	var back schema.Finding
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, f, back)
	assert.Error(t, json.Unmarshal([]byte(`{"severity":"bad"}`), &back))
}

func TestFindingsSort(t *testing.T) {
	at := func(file string, line int, code string) schema.Finding {
		return schema.Finding{Code: code, Severity: schema.Error, Position: schema.Position{File: file, Line: line}}
	}
	fs := schema.Findings{at("b", 1, "WXT002"), at("a", 2, "WXT001"), at("a", 1, "WXT003"), at("a", 2, "WXT001"), at("a", 1, "WXT002")}
	assert.Equal(t, schema.Findings{at("a", 1, "WXT002"), at("a", 1, "WXT003"), at("a", 2, "WXT001"), at("b", 1, "WXT002")}, fs.Sorted())
	assert.EqualError(t, schema.Findings{at("a", 1, "WXT002"), {Severity: schema.Info}}.Err(), "a:1: error:  [WXT002]")
	assert.NoError(t, schema.Findings{{Severity: schema.Warning}}.Err())
}
