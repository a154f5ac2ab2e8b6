package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"palabre/api"
)

// askDesk has the server that runs on the data folder do something at the desk.
func askDesk(r *runContext, act *api.Act) error {
	base, err := os.ReadFile(filepath.Join(r.data, urlFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no server runs on %s: start palabre serve, and try again", r.data)
	}
	if err != nil {
		return fmt.Errorf("find server: %w", err)
	}
	body, err := json.Marshal(act)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	address := strings.TrimSpace(string(base)) + "/api/v1/desk"
	req, err := http.NewRequestWithContext(r, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask server: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: askTime}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("ask server: %w; is palabre serve still running?", err)
	}
	answer, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return fmt.Errorf("ask server: %w", err)
	}
	if res.StatusCode != http.StatusAccepted {
		return problemError(answer, res.StatusCode)
	}
	return nil
}
