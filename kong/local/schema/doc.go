// Package schema checks a plugin's config the way Kong does: it interprets the
// schema that the plugin prints with -dump, fills in defaults, and reports
// everything that is wrong with the path of each field.
//
// It knows the part of Kong's schema language that can be written in JSON:
// types, presence, ranges, lengths, Lua patterns, sets, maps, records and entity
// checks. A schema with an attribute that it does not know is refused, so that
// nothing is taken for checked that is not; Kong refuses such a schema too.
//
// Sources: Kong 3.9.3, kong/db/schema/init.lua for behaviour and messages,
// kong/db/schema/metaschema.lua for what a schema may hold.
package schema
