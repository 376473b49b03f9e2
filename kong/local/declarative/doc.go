// Package declarative reads Kong's declarative file, kong.yml: services, routes,
// plugins and vaults, with the position of everything that is wrong in it.
//
// It is stricter and plainer than Kong: an unknown key is an error with the
// nearest known one beside it, and entities that are valid for Kong but that
// local mode does not run are warnings. Ids are the ones that Kong 3.9 generates
// from names, so that they can be compared with a real Kong's. The config of a
// plugin is not looked into here; package schema does that.
package declarative
