// Command benchreport reads what BenchmarkReport prints, several runs of it, and writes a
// table of medians in Markdown with the ratio to the first row, and a drawing of them.
//
//	go test ./e2e -run '^$' -bench Report -benchtime 20000x -count 10 | go run ./e2e/benchreport -svg report.svg
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// units are the columns, in the words of the benchmark and of the table.
var units = []struct{ unit, title string }{
	{"process-µs/op", "CPU of the process, µs"}, {"nats-µs/op", "CPU of NATS, µs"}, {"calls/op", "reads and writes"},
	{"switches/op", "context switches"}, {"deliveries/s", "deliveries a second"}, {"p99-ms", "p99 at half load, ms"}, {"peak-MB", "memory, MB"},
}

func main() {
	svg := flag.String("svg", "", "write a drawing of the CPU times to this `file`")
	flag.Parse()
	r, err := read(os.Stdin)
	if err == nil {
		err = r.table(os.Stdout)
	}
	if err == nil && *svg != "" {
		err = os.WriteFile(*svg, r.drawing(), 0o644) //nolint:gosec // to be looked at by anybody
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchreport:", err)
		os.Exit(1)
	}
}

// report is the runs of each row.
type report struct {
	machine string                          // and what runs on it
	names   []string                        // in the order in which they came
	runs    map[string]map[string][]float64 // by name and unit
}

func read(in io.Reader) (*report, error) {
	r := &report{runs: map[string]map[string][]float64{}}
	lines := benchfmt.NewReader(in, "stdin")
	for lines.Scan() {
		switch line := lines.Result().(type) {
		case *benchfmt.Result:
			name := rowName(string(line.Name))
			if r.runs[name] == nil {
				r.names, r.runs[name] = append(r.names, name), map[string][]float64{}
			}
			for _, v := range line.Values {
				unit, value := v.Unit, v.Value
				if v.OrigUnit != "" { // the library makes bytes of megabytes
					unit, value = v.OrigUnit, v.OrigValue
				}
				r.runs[name][unit] = append(r.runs[name][unit], value)
			}
			r.machine = fmt.Sprintf("%s/%s, %s; %s, NATS %s", line.GetConfig("goos"), line.GetConfig("goarch"), strings.TrimSpace(line.GetConfig("cpu")), runtime.Version(), line.GetConfig("nats-server"))
		case *benchfmt.SyntaxError:
			return nil, line
		}
	}
	if len(r.names) == 0 {
		return nil, fmt.Errorf("no runs of BenchmarkReport were read: %w", io.ErrUnexpectedEOF)
	}
	return r, lines.Err()
}

// rowName is the last part of a benchmark's name, without the number of cores.
func rowName(full string) string {
	name := full[strings.LastIndexByte(full, '/')+1:]
	if at := strings.LastIndexByte(name, '-'); at > 0 && strings.Trim(name[at+1:], "0123456789") == "" {
		name = name[:at]
	}
	return strings.ReplaceAll(name, "-", " ")
}

// median is that of a row's runs, and whether there are any.
func (r *report) median(name, unit string) (float64, bool) {
	values := slices.Sorted(slices.Values(r.runs[name][unit]))
	if len(values) == 0 {
		return 0, false
	}
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2, true
}

func (r *report) table(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Medians of %d runs; in brackets the ratio to %s.\n\n|", r.machine, len(r.runs[r.names[0]][units[0].unit]), r.names[0])
	for _, c := range units {
		fmt.Fprintf(&b, " | %s", c.title)
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---", len(units)) + "|\n")
	for _, name := range r.names {
		fmt.Fprintf(&b, "| %s", name)
		for _, c := range units {
			b.WriteString(" | " + r.cell(name, c.unit))
		}
		b.WriteString(" |\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (r *report) cell(name, unit string) string {
	value, ok := r.median(name, unit)
	if !ok {
		return ""
	}
	text := fmt.Sprintf("%.*f", digits(value), value)
	if base, ok := r.median(r.names[0], unit); ok && base > 0 && name != r.names[0] {
		text += fmt.Sprintf(" (%.2f)", value/base)
	}
	return text
}

func digits(value float64) int {
	if value < 10 {
		return 1
	}
	return 0
}
