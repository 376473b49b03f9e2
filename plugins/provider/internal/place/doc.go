// Package place reads the places of a delivery where values stand: headers, parameters of
// the query, members of a JSON body and fields of a form. What form a body has its bytes
// decide, and never a header, since none is signed.
package place
