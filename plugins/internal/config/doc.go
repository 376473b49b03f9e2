// Package config makes one Go struct the whole truth about a plugin's
// configuration: its tags give the defaults, the validation, Kong's schema,
// a JSON Schema and the README's table.
//
// All of them read one model, built by one walk over the struct, so that they
// cannot disagree. Decode fills defaults, decodes strictly and validates, and
// reports every fault at once, each with the path of its field. No value is
// ever repeated in a fault, because a secret may stand in any field.
//
// It reads no files, environment variables or flags, and resolves no vault
// references: Kong does that before the configuration arrives.
package config
