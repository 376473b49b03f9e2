// Package chain is the order of the stages, as data, and puts them together into
// Kong plugins by it.
//
// [Rows] says which stage stands where and why; every plugin, a release from the
// quarantine, the labels of metrics, the tables of the READMEs and the plugin
// servers of kong.conf come from it. What the instances of a process share (a pool
// of connections, a journal, policies, counters of limits) is opened once by [Open],
// whichever plugins Kong uses. Nothing here decides about a delivery.
package chain
