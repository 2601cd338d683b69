// Package simulate models what Device Management makes of a template: the file that
// a subscriber's app downloads.
//
// [New] takes a template with the values of the device type's tag set;
// wxt.Compilation.Simulation makes one of a project. [Simulation.Preview] is the file
// of one subscriber, and what is wrong with it. [Simulation.Render] is for many: it
// takes a sequence of subscribers, of [ReadCSV], [ReadNDJSON] or a program's own, and
// is a sequence of files in the same order, which [WriteFiles] and [WriteNDJSON] take.
// Memory does not grow with their number.
//
// A [Simulation] never changes, and any number of goroutines may use it.
package simulate
