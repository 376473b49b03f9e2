package pipeline

// Header is one header line, its name in lower case and its value as the bytes
// came, which need not be UTF-8.
type Header struct {
	Name, Value string
}

// Headers are the lines of a request. Lines of one name keep their order;
// the order of different names is not kept by Kong.
type Headers []Header

// Get returns the first value of name, which must be in lower case, and how
// many lines have that name. A caller that trusts a header must refuse n > 1.
func (h Headers) Get(name string) (value string, n int) {
	for i := range h {
		if h[i].Name == name {
			if n == 0 {
				value = h[i].Value
			}
			n++
		}
	}
	return value, n
}

// All returns the values of all lines of a name, given in lower case, in order.
func (h Headers) All(name string) []string {
	var values []string
	for i := range h {
		if h[i].Name == name {
			values = append(values, h[i].Value)
		}
	}
	return values
}
