// Package scripts holds black-box tests of the built binary: its commands as a person types
// them (testdata/*.txtar), the demo's life and death, the control API, and the shapes in
// which other people's clients send requests.
package scripts
