// Package act runs what somebody orders on the inspector's page: a signed sample, a
// delivery once more, a release, a replay, the removal of what is kept.
//
// An act is previewed first. The preview changes nothing and gives the key of a plan, which
// is good for one run of the same order within ten minutes, as long as what was previewed
// is still so. Requests go to the gateway of the installation and nowhere else. What can
// be lost, a kept delivery or a dead letter, is removed only after some seconds, until
// when it can be taken back; a Desk that is closed before removes nothing.
package act
