// Package formscan reads forms in place: application/x-www-form-urlencoded (WHATWG URL
// Standard, section 5.1) and multipart/form-data (RFC 7578).
//
// net/url would turn a body of 25 MiB into several copies of it and quote parts of it
// in its errors; here nothing is copied but what has escapes, and no error says
// anything of the body. mime/multipart passes over what stands around the parts and
// takes a part as each header says that there is; here a multipart form is read in one
// way only or refused, so that no other reader finds other parts in it.
//
// Time is linear in the body, and these are the limits of what is taken:
//
//	pairs of a form              10,000, empty ones too
//	parts of a multipart form    1,000
//	headers of a part            8 KiB, 16 lines
//	boundary                     70 characters
package formscan
