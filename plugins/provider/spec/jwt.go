package spec

import "time"

// minLeeway is how far the times of a token may be off by default (RFC 7519 section
// 4.1.4: "no more than a few minutes").
const minLeeway = time.Minute

// Leeway returns how far exp, nbf and iat may be off.
func (j *JWT) Leeway() time.Duration {
	return max(minLeeway, time.Duration(j.LeewaySeconds)*time.Second)
}

// JWT says what a token must hold. An exp and an nbf that are there always
// hold, with a leeway of a minute unless LeewaySeconds is more.
type JWT struct {
	Algorithms []Algorithm `json:"algorithms,omitempty" maxlen:"8" doc:"Algorithms that are accepted; others are refused whatever the token says."`
	Issuers    []string    `json:"issuers,omitempty" maxlen:"4" doc:"Values of the claim iss that are accepted; any if empty."`
	Audience   string      `json:"audience,omitempty" maxlen:"512" doc:"Value that the claim aud must have or hold; any if empty."`
	// Claims must have a value. One at several places, "data.app | summary.app", must be
	// at one of them at least, and have the value wherever it is; where the last is none,
	// it may be absent. Base64url may be padded or not.
	Claims     []Expect `json:"claims,omitempty" maxlen:"8" doc:"Claims that must have a value. One at several places has blanks and bars between them, and none as the last where it may be absent."`
	NeedExpiry bool     `json:"need_expiry,omitempty" doc:"Refuse a token without the claim exp."`
	// Type is the media type that the header typ must name, without application/ in
	// front, so that a token for another use is none here (RFC 8725 section 3.11); any
	// if empty.
	Type string `json:"type,omitempty" maxlen:"64" doc:"Media type that the header typ must name, such as secevent+jwt; any if empty."`
	// Without are claims that a token must not have, because they make it one for
	// another use.
	Without []string `json:"without,omitempty" maxlen:"8" doc:"Claims that a token must not have."`
	// Chain says that the token holds the certificates of its key.
	Chain *Chain `json:"chain,omitempty" doc:"The token holds the certificates of its key; the secrets are the authorities that vouch for them."`
	// Needs are claims without which a token is refused, whatever they hold.
	Needs []string `json:"needs,omitempty" maxlen:"8" doc:"Claims without which a token is refused, whatever they hold."`
	// LeewaySeconds is how far exp, nbf and iat may be off, 60 if it is less.
	LeewaySeconds int `json:"leeway_seconds,omitempty" min:"0" max:"300" doc:"How far the claims exp, nbf and iat may be off, 60 if it is less."`
}
