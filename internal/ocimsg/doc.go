// Package ocimsg makes the requests that bring tag sets, archives and templates to
// an Application Server, as its release takes them, and reads what it answers.
//
// [NewTagSet], [NewTagModify] and [NewTagChanges] fill tag sets, [NewTagOverrides]
// gives tags another value at a stronger place, [NewImport] and [NewFileModify]
// bring archives and templates, and [NewRebuild] has the files built.
// [ErrorResponses] has the errors of an answer and [Tags] the tags of a tag set,
// which [CompareTags] compares with what they should be. Sending is left to
// whoever holds the session.
package ocimsg
