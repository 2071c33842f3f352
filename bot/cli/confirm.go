package cli

import (
	"bufio"
	"errors"
	"fmt"
	"strings"
)

// confirm asks the person at the terminal whether to go on, unless --yes has said
// so. Nobody there is a no.
func (a *App) confirm(yes bool) error {
	if yes {
		return nil
	}
	if a.Stdin == nil {
		return usageError{errors.New("nothing has been changed: there is no terminal to ask at; give --yes to go on")}
	}
	fmt.Fprint(a.Stderr, "Type yes to go on: ")
	line, _ := bufio.NewReader(a.Stdin).ReadString('\n')
	if strings.TrimSpace(line) != "yes" {
		return errors.New("not confirmed; nothing has been changed")
	}
	return nil
}
