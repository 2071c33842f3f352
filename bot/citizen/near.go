package citizen

// near tells whether one letter is missing, added, changed, or swapped with its neighbour.
func near(written, meant string) bool {
	if written == meant {
		return true
	}
	if d := len(written) - len(meant); d > 1 || d < -1 {
		return false
	}
	i := 0
	for i < len(written) && i < len(meant) && written[i] == meant[i] {
		i++
	}
	w, m := written[i:], meant[i:]
	switch {
	case len(w) > len(m):
		return w[1:] == m
	case len(w) < len(m):
		return w == m[1:]
	}
	return w[1:] == m[1:] || len(w) > 1 && w[0] == m[1] && w[1] == m[0] && w[2:] == m[2:]
}

// leaving is the command that must be recognised however it is written.
const leaving = "disattiva"

// resemblesLeaving tells whether written begins like the command to leave, with two slips at most.
func resemblesLeaving(written string) bool {
	const n = len(leaving)
	if len(written) < n-2 {
		return false
	}
	written = written[:min(len(written), n+2)]
	var rows [n + 3][n + 1]int8 // distance of a beginning of written to one of leaving
	for j := range rows[0] {
		rows[0][j] = int8(j)
	}
	for i := 1; i <= len(written); i++ {
		rows[i][0] = int8(i)
		for j := 1; j <= n; j++ {
			d := rows[i-1][j-1]
			if written[i-1] != leaving[j-1] {
				d++
			}
			d = min(d, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && written[i-1] == leaving[j-2] && written[i-2] == leaving[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
		if rows[i][n] <= 2 {
			return true
		}
	}
	return false
}

// squeeze writes each run of one letter once.
func squeeze(folded string) string {
	for i := 1; i < len(folded); i++ {
		if folded[i] == folded[i-1] {
			out := []byte(folded[:i])
			for ; i < len(folded); i++ {
				if folded[i] != folded[i-1] {
					out = append(out, folded[i])
				}
			}
			return string(out)
		}
	}
	return folded
}
