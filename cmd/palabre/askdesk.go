package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"palabre/api"
	"palabre/store"
)

// askDesk has the server that runs on the data folder do something at the desk,
// and returns the ID of the desk event.
func askDesk(r *runContext, act *api.Act) (id string, err error) {
	base, err := os.ReadFile(filepath.Join(r.data, urlFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("no server runs on %s: start palabre serve, and try again", r.data)
	}
	if err != nil {
		return "", fmt.Errorf("find server: %w", err)
	}
	body, err := json.Marshal(act)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	address := strings.TrimSpace(string(base)) + "/api/v1/desk"
	req, err := http.NewRequestWithContext(r, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("ask server: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: askTime}
	res, err := client.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask server: %w; is palabre serve still running?", err)
	}
	answer, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return "", fmt.Errorf("ask server: %w", err)
	}
	if res.StatusCode != http.StatusAccepted {
		return "", problemError(answer, res.StatusCode)
	}
	var done struct{ ID string }
	if err := json.Unmarshal(answer, &done); err != nil {
		return "", fmt.Errorf("read answer: %w", err)
	}
	return done.ID, nil
}

const (
	takesEffect = 10 * time.Second // what was done at the desk does within it
	lookEvery   = 50 * time.Millisecond
)

// awaitDesk waits until what was done at the desk is in the record, and fails if it
// changed nothing.
func awaitDesk(r *runContext, id string) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	ctx, stop := context.WithTimeout(r, takesEffect)
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		l, err := s.DeskEvent(ctx, id)
		switch {
		case err == nil && l.Idle:
			return errors.New("it changed nothing, somebody else was faster: look at it again")
		case err == nil:
			return nil
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it is on its way, but has not taken effect within %s: palabre digest list tells when it has", takesEffect)
		case <-tick.C:
		}
	}
}
