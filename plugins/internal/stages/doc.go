// Package stages makes the stages of an instance, of its settings and of what the instances
// of a process share: a pool of connections, a journal, policies, counters of limits. Which
// of them an instance has, and in what order, package chain says.
package stages
