package text

import "strings"

// plainWord are the characters that mean nothing to a shell inside of an argument.
const plainWord = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,="

// ShellWord is a text as one argument of a command of a POSIX shell (IEEE Std 1003.1,
// Shell Command Language, section 2.2.2). No argument can hold a NUL, which is left out.
func ShellWord(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if s != "" && strings.Trim(s, plainWord) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
