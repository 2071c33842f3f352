package whatsapptest

import (
	"fmt"

	"go.mau.fi/whatsmeow/binary/token"
)

const (
	// maxDepth is far above what any stanza nests; it keeps a hostile one from using up the
	// stack.
	maxDepth = 24
	// maxNodes is far above the 2,500 nodes of a prekey upload; it keeps a hostile one from
	// using up the memory.
	maxNodes = 50_000
)

// stanzaWalk goes through an encoded stanza without building it, and counts.
type stanzaWalk struct {
	data  []byte
	nodes int
}

// checkLimits refuses stanzas that nest too deep, promise too many children or end early.
func checkLimits(data []byte) error {
	s := &stanzaWalk{data: data}
	return s.node(0)
}

func (s *stanzaWalk) take(count int) ([]byte, error) {
	if count > len(s.data) {
		return nil, fmt.Errorf("%w: it ends early", errFrame)
	}
	taken := s.data[:count]
	s.data = s.data[count:]
	return taken, nil
}

// number reads a big-endian number of that many bytes.
func (s *stanzaWalk) number(count int) (int, error) {
	taken, err := s.take(count)
	value := 0
	for _, b := range taken {
		value = value<<8 | int(b)
	}
	return value, err
}

func (s *stanzaWalk) list(tag int) (int, error) {
	switch tag {
	case token.ListEmpty:
		return 0, nil
	case token.List8:
		return s.number(1)
	case token.List16:
		return s.number(2)
	}
	return 0, fmt.Errorf("%w: no list where one belongs", errFrame)
}

func (s *stanzaWalk) node(depth int) error {
	s.nodes++
	if depth > maxDepth || s.nodes > maxNodes {
		return fmt.Errorf("%w: too deep or too many nodes", errFrame)
	}
	tag, err := s.number(1)
	if err != nil {
		return err
	}
	size, err := s.list(tag)
	if err != nil {
		return err
	}
	// The tag and the attributes, in pairs, are values; what is left over is the content.
	for range 1 + (max(size, 1)-1)/2*2 {
		if err = s.value(depth); err != nil {
			return err
		}
	}
	if size%2 == 1 || size == 0 {
		return nil
	}
	return s.content(depth)
}

func (s *stanzaWalk) content(depth int) error {
	if len(s.data) == 0 {
		return fmt.Errorf("%w: it ends early", errFrame)
	}
	tag := int(s.data[0])
	if tag != token.ListEmpty && tag != token.List8 && tag != token.List16 {
		return s.value(depth)
	}
	s.data = s.data[1:]
	count, err := s.list(tag)
	if err != nil {
		return err
	}
	if count > len(s.data) {
		return fmt.Errorf("%w: it promises more nodes than it has bytes", errFrame)
	}
	for range count {
		if err = s.node(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

func (s *stanzaWalk) value(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: too deep", errFrame)
	}
	tag, err := s.number(1)
	if err != nil {
		return err
	}
	switch tag {
	case token.Binary8:
		return s.bytes(1)
	case token.Binary20:
		return s.bytes(3)
	case token.Binary32:
		return s.bytes(4)
	case token.Dictionary0, token.Dictionary1, token.Dictionary2, token.Dictionary3:
		_, err = s.take(1)
	case token.Nibble8, token.Hex8:
		var count int
		if count, err = s.number(1); err == nil {
			_, err = s.take(count & 127)
		}
	case token.JIDPair:
		if err = s.value(depth + 1); err == nil {
			err = s.value(depth + 1)
		}
	case token.ADJID:
		if _, err = s.take(2); err == nil {
			err = s.value(depth + 1)
		}
	case token.FBJID, token.InteropJID, token.List8, token.List16:
		err = fmt.Errorf("%w: a value of kind %d", errFrame, tag)
	}
	return err
}

func (s *stanzaWalk) bytes(prefix int) error {
	count, err := s.number(prefix)
	if err != nil {
		return err
	}
	if prefix == 3 {
		count &= 0xFFFFF
	}
	_, err = s.take(count)
	return err
}
