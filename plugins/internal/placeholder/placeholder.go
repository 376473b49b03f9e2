// Package placeholder tells the text of a value that nobody filled in from a value.
//
// A template that was not rendered, a reference that nothing resolved or a word from
// an example is known to everybody who reads the documentation. As a secret it would
// let all of them sign. What a provider issues as a secret (random letters, base64,
// hexadecimal digits, PEM, a JSON Web Key) never looks like one.
package placeholder

import (
	"regexp"
	"slices"
	"strings"
)

// Why ends the sentence about a value for which Is holds.
const Why = "looks like a placeholder or a reference that nothing resolved"

// maxText bounds the texts that are looked at, in bytes. A placeholder is far
// shorter, and a set of public keys may be longer.
const maxText = 4096

// wholes are the forms of a whole text, in any case of its letters.
var wholes = regexp.MustCompile(`(?is)^(?:` + strings.Join([]string{
	// Templates that were not rendered: {{ .Values.secret }}, {% secret %}, ${X},
	// ${{ secrets.X }}, #{X}#, %{X}, $(X), $[ X ], %(x)s, $env:X, {vault://env/x},
	// {env.X}, <%= x %>, ((x)), %X%, @X@ and a command in backquotes.
	`\{\{.*\}\}`, `\{%.*%\}`, `[$#%@]\{.*\}#?`, `\$\(.*\)`, `\$\[\s*[a-z][\w. ]*\]`, `%\([^()]*\)s?`, `\$env:[a-z_]\w*`,
	`\{\$?[a-z_][\w.:/@#?&=+ -]*\}`, `<+[a-z][\w .,:'/-]*>+`, `<%.*%>`, `\(\(.*\)\)`, `%[a-z_]\w*%`, `@@?[a-z_][\w.-]*@@?`, "`[a-z][\\w ./-]*`",
	// Expressions and references without braces: secrets.X, file:/run/secrets/x,
	// secretref:x, ref+vault:x, and the addresses of stores that clouds have.
	`(?:process\.env|env|secrets|vars?|\.?values)\.[a-z_][\w.]*`, `(?:file|env|ssm|vault|secrets?):/\S*`,
	`(?:secretref|sops|ref\+[a-z]+):\S+`, `arn:aws[a-z-]*:(?:secretsmanager|ssm):.*`, `projects/[^/\s]+/secrets/\S+`,
	`@microsoft\.keyvault\(.*\)`,
	// Encrypted values that nothing decrypted.
	`enc[(\[].*[)\]]`, `\$ansible_vault;.*`,
	// Words of examples: whsec_xxxx, ****, [redacted], your-secret, put_it_here.
	`(?:[a-z]{1,8}[-_]){1,3}x{3,}`, `[a-z_-]*(?:\*{3,}|\.{3,}|…+)`, `\[+[a-z][a-z _-]*\]+`, `your[-_ ][a-z0-9_ -]+`,
	`(?:insert|enter|put|paste|add|replace|change|set)[-_ ][a-z0-9_ -]*(?:here|this|me|it)`,
}, "|") + `)$`)

// names are the forms of a name of a variable whose letters have one case, as a
// random text of that length does not.
var names = regexp.MustCompile(`^(?:\$[A-Z_][A-Z0-9_]*|\$[a-z_][a-z0-9_]*|__[A-Z][A-Z0-9_.-]*__|env:[A-Z_][A-Z0-9_]*)$`)

// parts are references inside a longer text, such as the password in a URL.
var parts = regexp.MustCompile(`\$\{(?:[A-Z_][A-Z0-9_]{2,}|[a-z_][a-z0-9_]{4,})(?::?[-?+=][\w ./-]*)?\}|\{\{-?\s*[A-Za-z.$][\w.$ "'|/:,-]*\}\}`)

// words are the texts of examples, in lower case and without what stands between
// their words.
var words = []string{
	"changeme", "changeit", "changethis", "replaceme", "replacethis", "fixme", "todo", "tbd", "placeholder", "redacted", "undefined",
	"null", "nil", "unset", "notset", "yoursecret", "yoursecrethere", "yourwebhooksecret", "yoursigningsecret", "yourpassword",
	"yourtoken", "yourkey", "yourapikey", "secrethere", "insertsecret",
}

// addresses are the schemes of URLs that can be values. Any other URL is a
// reference into a store of secrets: op://vault/item/field, vault://env/x.
var addresses = []string{"http", "https", "ws", "wss", "redis", "rediss", "redis+sentinel", "rediss+sentinel", "unix", "nats", "tls"}

var scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]+$`)

// Is reports whether text is a placeholder as a whole, in quotes or not, or holds a
// reference that should have been replaced.
func Is(text string) bool {
	if len(text) > maxText {
		return false
	}
	text = strings.TrimSpace(text)
	if n := len(text); n >= 2 && text[0] == text[n-1] && (text[0] == '"' || text[0] == '\'') {
		text = strings.TrimSpace(text[1 : n-1])
	}
	if wholes.MatchString(text) || names.MatchString(text) || parts.MatchString(text) {
		return true
	}
	if rest, ok := strings.CutPrefix(text, "whsec_"); ok && Is(rest) { // as examples have it
		return true
	}
	if before, _, ok := strings.Cut(text, "://"); ok && scheme.MatchString(before) && !slices.Contains(addresses, before) {
		return true
	}
	return slices.Contains(words, strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(strings.ToLower(text)))
}
