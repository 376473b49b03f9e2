// Package kongyml finds and reads the kong.yml that a command is about.
package kongyml

import (
	"cmp"
	"os"
	"path/filepath"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
	"webhookedge/plugins/internal/ctl/exit"
	"webhookedge/plugins/internal/module"
)

// Path returns file, by default the kong.yml of the repository or of the image.
func Path(file string) (string, error) {
	if file != "" {
		return file, nil
	}
	const inImage = "/usr/local/kong/declarative/kong.yml"
	top, err := module.Root()
	if err == nil {
		return filepath.Join(top, "kong", "kong.yml"), nil
	}
	if _, statErr := os.Stat(inImage); statErr == nil {
		return inImage, nil
	}
	return "", exit.Usagef("%w: name a kong.yml with --config", err)
}

// Routes reads the routes with our plugins. Vault references are read from the environment.
func Routes(file string) ([]local.RouteConfigs, error) { return RoutesWith(file, os.LookupEnv) }

// RoutesWith is Routes with an environment of the caller's.
func RoutesWith(file string, env func(string) (string, bool)) ([]local.RouteConfigs, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, exit.Usage(err)
	}
	schemas, err := chain.Schemas()
	if err != nil {
		return nil, err
	}
	return local.Routes(file, text, schemas, env)
}

// Unresolved stands for what the environment has not: no secret is needed to look at routes.
const Unresolved = "unresolved"

// Environment is this process's, with the policies beside a kong.yml as local has them, and
// Unresolved for the rest.
func Environment(file string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value := os.Getenv(name)
		if dir := filepath.Join(filepath.Dir(file), "..", "policies"); value == "" && name == "WEBHOOK_POLICIES_DIR" && isDirectory(dir) {
			value = dir
		}
		return cmp.Or(value, Unresolved), true
	}
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
