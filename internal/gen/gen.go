// Package gen writes the tables that people keep as TOML as Go source, so that a
// program needs no TOML to have them. A test of each table compares the two, and
// with -update it writes the source.
package gen

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"path"
	"reflect"
	"slices"
	"strconv"
)

// A Table is a variable of the source, and what it is set to.
type Table struct {
	Name  string
	Value any // of structs, slices, maps, strings, numbers and booleans; pointers are followed
}

// Source returns a Go file of the package pkg that declares tables, made from the
// file named from. Types of other packages are qualified, and their packages
// imported. Fields of structs have to be exported, unless the package is the
// struct's own; those that are zero are left out.
func Source(pkg, from string, tables ...Table) (string, error) {
	w := writer{pkg: pkg, imports: make(map[string]bool)}
	for _, t := range tables {
		fmt.Fprintf(&w.body, "\nvar %s = ", t.Name)
		if err := w.value(reflect.ValueOf(t.Value), true); err != nil {
			return "", fmt.Errorf("%s: %w", t.Name, err)
		}
		w.body.WriteByte('\n')
	}
	var file bytes.Buffer
	fmt.Fprintf(&file, "// Code generated from %s by go generate; DO NOT EDIT.\n\npackage %s\n", from, pkg)
	if len(w.imports) > 0 {
		file.WriteString("\nimport (\n")
		for _, name := range sortedKeys(w.imports) {
			fmt.Fprintf(&file, "%q\n", name)
		}
		file.WriteString(")\n")
	}
	w.body.WriteTo(&file)
	text, err := format.Source(file.Bytes())
	return string(text), err
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type writer struct {
	pkg     string
	imports map[string]bool
	body    bytes.Buffer
}

// typeName returns a type as the file writes it.
func (w *writer) typeName(t reflect.Type) string {
	switch {
	case t.Name() != "" && t.PkgPath() == "":
		return t.Name()
	case t.Name() != "" && path.Base(t.PkgPath()) == w.pkg:
		return t.Name()
	case t.Name() != "":
		w.imports[t.PkgPath()] = true
		return path.Base(t.PkgPath()) + "." + t.Name()
	}
	switch t.Kind() {
	case reflect.Slice:
		return "[]" + w.typeName(t.Elem())
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), w.typeName(t.Elem()))
	case reflect.Map:
		return "map[" + w.typeName(t.Key()) + "]" + w.typeName(t.Elem())
	case reflect.Pointer:
		return "*" + w.typeName(t.Elem())
	}
	return t.String()
}

// value writes a literal. A composite one is written with its type unless what is
// around it says that.
func (w *writer) value(v reflect.Value, typed bool) error {
	switch v.Kind() {
	case reflect.String:
		w.body.WriteString(strconv.Quote(v.String()))
	case reflect.Bool:
		w.body.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.body.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		w.body.WriteString(strconv.FormatUint(v.Uint(), 10))
	case reflect.Pointer:
		w.body.WriteByte('&')
		return w.value(v.Elem(), true)
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
		if typed {
			w.body.WriteString(w.typeName(v.Type()))
		}
		w.body.WriteByte('{')
		if err := w.elements(v); err != nil {
			return err
		}
		w.body.WriteByte('}')
	default:
		return fmt.Errorf("can't write a %s", v.Type())
	}
	return nil
}

func (w *writer) elements(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				continue
			}
			w.body.WriteString(v.Type().Field(i).Name + ": ")
			if err := w.value(v.Field(i), true); err != nil {
				return err
			}
			w.body.WriteString(", ")
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		for _, k := range keys {
			w.body.WriteByte('\n')
			if err := w.value(k, false); err != nil {
				return err
			}
			w.body.WriteString(": ")
			if err := w.value(v.MapIndex(k), false); err != nil {
				return err
			}
			w.body.WriteByte(',')
		}
		w.body.WriteByte('\n')
	default:
		// Structs stand on a line each.
		lines := v.Type().Elem().Kind() == reflect.Struct
		for i := range v.Len() {
			if lines {
				w.body.WriteByte('\n')
			}
			if err := w.value(v.Index(i), false); err != nil {
				return err
			}
			w.body.WriteByte(',')
		}
		if lines {
			w.body.WriteByte('\n')
		}
	}
	return nil
}
