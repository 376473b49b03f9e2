package author

import "strings"

// typo is the existing name that was probably meant, "" for none: one that wrote abbreviates,
// or with one or two letters changed, added, dropped or swapped.
func typo(wrote string, exist []string) string {
	best, least := "", 3
	for _, name := range exist {
		if plural(wrote, name) || plural(name, wrote) {
			continue // both exist somewhere
		}
		if abbreviates(wrote, name) {
			return name
		}
		if d := distance(wrote, name); len(wrote) >= 4 && d <= len(wrote)/4 && d < least {
			best, least = name, d
		}
	}
	return best
}

func plural(one, many string) bool { return many == one+"s" || many == one+"es" }

// abbreviates reports whether short is the beginning of long and ends within a
// word of it: repo for repository, but not user for user_id.
func abbreviates(short, long string) bool {
	rest, ok := strings.CutPrefix(long, short)
	return ok && len(short) >= 3 && rest != "" && rest[0] >= 'a' && rest[0] <= 'z'
}

// distance is the number of letters to add, drop, change or swap to get from a to b.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(last[j+1]+1, next[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last = last, next
	}
	return last[len(b)]
}
