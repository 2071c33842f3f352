package whatsapptest

// FailQueries answers every query of a kind with an error, as the real server does with one
// that it gets too often (429). The kind is the namespace, the type and the first child's tag:
// "encrypt get key" asks for the keys of a recipient. Code 0 ends it.
func (s *Server) FailQueries(kind string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.queries == nil {
		s.faults.queries = map[string]int{}
	}
	s.faults.queries[kind] = code
}

func (s *Server) queryFault(kind string) (code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.queries[kind]
}
