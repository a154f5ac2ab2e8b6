// Package seeds holds the data that analysts edit, built into the program:
// actors and persons, places, sources, the rules by language and the
// acceptance timeline. It reads YAML strictly for the whole house: an unknown
// field or a wrong type is an error with file, line and column.
package seeds
