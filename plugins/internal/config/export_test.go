package config

// Form is a format, for tests.
type Form struct {
	Any, None []string
	Err       string
}

// Formats are the values of the tag format.
func Formats() map[string]Form {
	all := map[string]Form{}
	for name, f := range formats() {
		all[name] = Form{f.any, f.none, f.err}
	}
	return all
}
