package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A mutant is a change of the code in one place.
type mutant struct {
	pkg          *testedPackage
	file         string
	line, column int
	start, end   int    // the bytes of the file that are replaced
	text         string // by this
	what         string // what is done, for people
	outcome      outcome
}

func (m *mutant) String() string {
	name := m.file
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, m.file); err == nil {
			name = rel
		}
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", filepath.ToSlash(name), m.line, m.column, m.outcome, m.what)
}

// load returns all mutants of the packages.
func load(ctx context.Context, dir string, patterns []string) ([]*mutant, error) {
	config := &packages.Config{
		Context: ctx, Dir: dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo,
	}
	list, err := packages.Load(config, patterns...)
	if err != nil {
		return nil, err
	}
	var mutants []*mutant
	for _, p := range list {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		if len(p.GoFiles) == 0 {
			continue
		}
		tested := &testedPackage{path: p.PkgPath, dir: filepath.Dir(p.GoFiles[0])}
		for _, f := range p.Syntax {
			if ast.IsGenerated(f) {
				continue
			}
			name := p.Fset.Position(f.FileStart).Filename
			source, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			finder := &finder{pkg: tested, fset: p.Fset, info: p.TypesInfo, name: name, source: source}
			finder.find(f)
			mutants = append(mutants, finder.mutants...)
		}
	}
	return mutants, nil
}

// A finder finds the mutants of a file.
type finder struct {
	pkg     *testedPackage
	fset    *token.FileSet
	info    *types.Info
	name    string
	source  []byte
	mutants []*mutant
}

// The operators that are replaced, by which ones.
var (
	comparisons = map[token.Token][]token.Token{
		token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
		token.LSS: {token.GEQ, token.LEQ}, token.GEQ: {token.LSS, token.GTR},
		token.GTR: {token.LEQ, token.GEQ}, token.LEQ: {token.GTR, token.LSS},
		token.LAND: {token.LOR}, token.LOR: {token.LAND},
	}
	arithmetic = map[token.Token][]token.Token{
		token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
		token.SHL: {token.SHR}, token.SHR: {token.SHL}, token.AND: {token.OR}, token.OR: {token.AND}, token.XOR: {token.AND},
		token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN},
		token.MUL_ASSIGN: {token.QUO_ASSIGN}, token.QUO_ASSIGN: {token.MUL_ASSIGN},
		token.OR_ASSIGN: {token.AND_ASSIGN}, token.AND_ASSIGN: {token.OR_ASSIGN},
		token.INC: {token.DEC}, token.DEC: {token.INC},
	}
)

// find walks the file, with the functions around each node at hand.
func (f *finder) find(file *ast.File) {
	var functions []*ast.FuncType
	var stack []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			switch stack[len(stack)-1].(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				functions = functions[:len(functions)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		if call, ok := n.(*ast.CallExpr); ok && f.isBuiltin(call, "make") {
			return false // capacities change nothing that a test should see
		}
		if e, ok := n.(ast.Expr); ok && f.info.Types[e].Value != nil {
			return false
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncDecl:
			functions = append(functions, n.Type)
		case *ast.FuncLit:
			functions = append(functions, n.Type)
		case *ast.BinaryExpr:
			f.operator(n.OpPos, n.Op, f.isNumber(n.X))
		case *ast.AssignStmt:
			f.operator(n.TokPos, n.Tok, f.isNumber(n.Lhs[0]))
		case *ast.IncDecStmt:
			if loop, ok := stack[len(stack)-2].(*ast.ForStmt); !ok || loop.Post != n {
				f.operator(n.TokPos, n.Tok, true)
			}
		case *ast.IfStmt:
			f.negate(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				f.negate(n.Cond)
			}
		case *ast.ReturnStmt:
			f.returns(n, functions[len(functions)-1])
		case *ast.BlockStmt:
			f.statements(n.List)
		case *ast.CaseClause:
			f.statements(n.Body)
		case *ast.CommClause:
			f.statements(n.Body)
		}
		return true
	})
}

func (f *finder) add(from, to token.Pos, text, what string) {
	start, end := f.fset.Position(from), f.fset.Position(to)
	f.mutants = append(f.mutants, &mutant{
		pkg: f.pkg, file: f.name, line: start.Line, column: start.Column,
		start: start.Offset, end: end.Offset, text: text, what: what,
	})
}

// sourceOf returns the text of a node.
func (f *finder) sourceOf(n ast.Node) string {
	return string(f.source[f.fset.Position(n.Pos()).Offset:f.fset.Position(n.End()).Offset])
}

// brief returns the text of a node in a line that is not too long.
func (f *finder) brief(n ast.Node) string {
	text := strings.Join(strings.Fields(f.sourceOf(n)), " ")
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "..."
	}
	return text
}

// operator replaces an operator by others.
func (f *finder) operator(pos token.Pos, op token.Token, number bool) {
	others := comparisons[op]
	if number {
		others = append(others[:len(others):len(others)], arithmetic[op]...)
	}
	for _, other := range others {
		f.add(pos, pos+token.Pos(len(op.String())), other.String(), fmt.Sprintf("%s becomes %s", op, other))
	}
}

// negate negates a condition. Those with operators get others.
func (f *finder) negate(cond ast.Expr) {
	if !isComparison(cond) {
		f.add(cond.Pos(), cond.End(), "!("+f.sourceOf(cond)+")", "negated: "+f.brief(cond))
	}
}

func isComparison(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && comparisons[b.Op] != nil
}

// statements leaves out each of the statements that can be.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if f.isBuiltin(call, "panic") {
					continue
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Grow" {
					continue
				}
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || isBlank(s) {
				continue
			}
		case *ast.ReturnStmt:
			if len(s.Results) > 0 {
				continue
			}
		case *ast.IncDecStmt, *ast.BranchStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		default:
			continue
		}
		// What the statement names stays in use.
		f.add(s.Pos(), s.End(), "if false { "+f.sourceOf(s)+" }", "left out: "+f.brief(s))
	}
}

func isBlank(s *ast.AssignStmt) bool {
	for _, e := range s.Lhs {
		if id, ok := e.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// returns has a function return zero values, one at a time, and other truth values.
func (f *finder) returns(s *ast.ReturnStmt, function *ast.FuncType) {
	if function.Results == nil || len(s.Results) == 0 {
		return
	}
	var kinds []ast.Expr
	for _, field := range function.Results.List {
		for range max(1, len(field.Names)) {
			kinds = append(kinds, field.Type)
		}
	}
	if len(s.Results) != len(kinds) { // return f(), which gives several values
		var blanks, zeros []string
		for _, kind := range kinds {
			blanks, zeros = append(blanks, "_"), append(zeros, "*new("+f.sourceOf(kind)+")")
		}
		f.add(s.Pos(), s.End(), fmt.Sprintf("{ %s = %s; return %s }", strings.Join(blanks, ", "), f.sourceOf(s.Results[0]), strings.Join(zeros, ", ")),
			"zero values for: "+f.brief(s))
		return
	}
	for i, result := range s.Results {
		if f.isZero(result) || isComparison(result) {
			continue
		}
		var texts []string
		for _, r := range s.Results {
			texts = append(texts, f.sourceOf(r))
		}
		if b, ok := f.info.TypeOf(kinds[i]).Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
			texts[i] = "!(" + texts[i] + ")"
			f.add(s.Pos(), s.End(), "return "+strings.Join(texts, ", "), fmt.Sprintf("negated %s in: %s", f.brief(result), f.brief(s)))
			continue
		}
		texts[i] = "*new(" + f.sourceOf(kinds[i]) + ")"
		f.add(s.Pos(), s.End(), fmt.Sprintf("{ _ = %s; return %s }", f.sourceOf(result), strings.Join(texts, ", ")),
			fmt.Sprintf("zero value for %s in: %s", f.brief(result), f.brief(s)))
	}
}

// isZero reports whether an expression is clearly the zero value of its type.
func (f *finder) isZero(e ast.Expr) bool {
	e = ast.Unparen(e)
	tv := f.info.Types[e]
	if tv.IsNil() {
		return true
	}
	if c, ok := e.(*ast.CompositeLit); ok {
		_, isStruct := tv.Type.Underlying().(*types.Struct)
		return isStruct && len(c.Elts) == 0
	}
	if tv.Value == nil {
		return false
	}
	switch tv.Value.Kind() {
	case constant.String:
		return constant.StringVal(tv.Value) == ""
	case constant.Int, constant.Float:
		return constant.Sign(tv.Value) == 0
	}
	return false
}

func (f *finder) isNumber(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

func (f *finder) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != name {
		return false
	}
	_, ok = f.info.Uses[id].(*types.Builtin)
	return ok
}
