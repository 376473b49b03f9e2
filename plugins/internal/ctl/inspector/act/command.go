package act

import (
	"strings"
	"unicode"

	"webhookedge/plugins/internal/text"
)

// maxCommand bounds a command line in bytes.
const maxCommand = 8 << 10

// command is a line for a shell, "" where a text cannot stand in one that people copy: a
// terminal acts on control characters, and others hide what the line says.
func command(words ...string) string {
	var line []string
	for _, word := range words {
		if strings.ContainsFunc(word, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
			return ""
		}
		line = append(line, text.ShellWord(word))
	}
	whole := strings.Join(line, " ")
	if len(whole) > maxCommand {
		return ""
	}
	return whole
}

// piped is command that reads a text from its standard input.
func piped(input string, words ...string) string {
	from, to := command("printf", "%s", input), command(words...)
	if from == "" || to == "" {
		return ""
	}
	return from + " | " + to
}

// flag is a flag with its value, nothing without one.
func flag(name, value string) []string {
	if value == "" {
		return nil
	}
	return []string{name, value}
}
