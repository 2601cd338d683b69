// Package schema says what is allowed: what a tag's value may be ([Check]),
// where each tag stands in config-wxt.xml ([PathsOf]), what the servers need for
// features ([RequirementsFor]), and what is said when something is wrong
// ([Finding], with its [Rules]).
//
// It holds what can be said of one value or one name by itself. What takes
// several of them, such as TLS together with an SBC's address, is the business
// of package wxt.
package schema
