package wxt

import "maps"

// RuleFunctions returns what the rules without rows do, by code.
func RuleFunctions() map[string]Rule { return maps.Clone(functions) }
