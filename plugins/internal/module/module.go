// Package module finds the source of this repository, for tools that work on it.
package module

import (
	"errors"
	"os"
	"path/filepath"
)

// Root finds the folder of go.mod at or above the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the webhook edge's repository")
		}
		dir = parent
	}
}
