package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	_ "time/tzdata" // receivers have time zones, also on a machine that knows none

	"palabre/lang"
	"palabre/seeds"
	"palabre/statement"
)

// receiversFile is the operator's list of receivers in the data folder;
// docs/receivers.md describes it.
const receiversFile = "receivers.yaml"

// readReceivers returns the receivers of the operator's list. check says what
// else is wrong with one, and may be nil. A bad entry is a problem and the others
// stand; a file of which nothing can be used is an error; no file is no receivers.
func readReceivers(dir string, reg *statement.Registry, check func(*statement.Receiver) error) ([]statement.Receiver, []statement.Problem, error) {
	path := filepath.Join(dir, receiversFile)
	text, err := readSmall(path, mostReceivers)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read receivers: %w", err)
	}
	secret := func(name string) (string, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return readSmall(name, mostSecret)
	}
	receivers, problems := seeds.ReadReceivers(path, []byte(text), secret, func(r *statement.Receiver) error {
		if err := checkNames(reg, &r.Wants); err != nil || check == nil {
			return err
		}
		return check(r)
	})
	if len(receivers) == 0 && len(problems) > 0 {
		return nil, nil, fmt.Errorf("read receivers: %s: %s", problems[0].Where, problems[0].What)
	}
	return receivers, problems, nil
}

// The most bytes of the list and of a secret.
const (
	mostReceivers = 1 << 20
	mostSecret    = 4 << 10
)

// readSmall reads a file that is not to be large.
func readSmall(path string, most int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s has more than %d bytes", path, most)
	}
	return string(data), err
}

// anyForce is the target that stands for every foreign force.
const anyForce = "foreign"

// checkNames reports the first actor, target or place of a filter that nobody
// knows: with a slip of the pen its receiver would never hear of anything.
func checkNames(reg *statement.Registry, f *statement.Filter) error {
	var actors, places []string
	for i := range reg.Actors {
		actors = append(actors, reg.Actors[i].ID)
	}
	for i := range reg.Persons {
		actors = append(actors, reg.Persons[i].ID)
	}
	for i := range reg.Places {
		places = append(places, reg.Places[i].ID)
	}
	for _, list := range []struct {
		field, what  string
		given, known []string
	}{
		{"actors", "actor", f.Actors, actors},
		{"targets", "actor", f.Targets, append(actors, anyForce)},
		{"places", "place", f.Places, places},
	} {
		for _, id := range list.given {
			if slices.Contains(list.known, id) {
				continue
			}
			err := fmt.Errorf("wants: %s: %q is no known %s", list.field, id, list.what)
			if near := lang.Nearest(id, list.known); near != "" {
				err = fmt.Errorf("%w: did you mean %q?", err, near)
			}
			return err
		}
	}
	return nil
}
