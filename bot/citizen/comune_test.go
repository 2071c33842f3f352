package citizen

import "testing"

func TestReader_Comune(t *testing.T) {
	t.Parallel()
	r := NewReader("Saronno")
	for _, tt := range []struct{ written, want string }{
		{"Saronno", "Saronno"}, {"SARONNO", "Saronno"}, {"  caronno pertusella ", "Caronno Pertusella"},
		{"Cantu'", "Cantù"}, {"cantu", "Cantù"}, {"Reggio nell'Emilia", "Reggio nell'Emilia"},
		{"", ""}, {"Paperopoli", ""}, {"Saronno e Uboldo", ""},
	} {
		got, ok := r.Comune(tt.written)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("Comune(%q) = %q, %v; want %q", tt.written, got, ok, tt.want)
		}
	}
}
