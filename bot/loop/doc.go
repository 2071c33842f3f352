// Package loop is what every loop of the daemon needs: a bell that wakes it, a
// pause, a guard around its goroutine, and arithmetic with moments. It knows
// nothing of what the loops do, and imports none of ours.
package loop
