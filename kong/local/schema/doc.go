// Package schema checks a plugin's config the way Kong does: it interprets the
// schema that the plugin prints with -dump, fills in defaults, and reports
// everything that is wrong with the path of each field.
//
// It knows the part of Kong's schema language that the plugins of this project use:
// types, presence, ranges, lengths, sets, maps, records, patterns and four entity checks. A
// schema with anything else is refused: an attribute that is not checked here must
// not pass for checked.
//
// Sources: Kong 3.9.3, kong/db/schema/init.lua for behaviour and messages,
// kong/db/schema/metaschema.lua for what a schema may hold.
package schema
