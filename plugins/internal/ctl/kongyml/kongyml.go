// Package kongyml finds and reads the kong.yml that a command is about.
package kongyml

import (
	"fmt"
	"os"
	"path/filepath"

	"webhookedge/kong/local"
	"webhookedge/plugins/internal/chain"
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
	return "", fmt.Errorf("%w: name a kong.yml with --config", err)
}

// Routes reads the routes with our plugins. Vault references are read from the environment.
func Routes(file string) ([]local.RouteConfigs, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	schemas, err := chain.Schemas()
	if err != nil {
		return nil, err
	}
	return local.Routes(file, text, schemas, os.LookupEnv)
}
