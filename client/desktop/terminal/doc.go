// Package terminal shows a desktop client's screens in a terminal and reads the answers from it.
//
// What is typed counts only while a question stands there: nobody confirms a sign-in with a line
// typed before it was shown. Texts that come from elsewhere are shown without what would steer a
// terminal.
package terminal
