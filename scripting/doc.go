// Package scripting runs plugins: JavaScript files that hear what the server answered.
package scripting
