package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"

	"palabre/seeds"
)

// composed is what these tests read of docker-compose.yml.
type composed struct {
	services map[string]container
	volumes  map[string]any
}

type container struct {
	image                      string
	profiles, command, volumes []string
	environment                map[string]string
}

func project(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readCompose(t *testing.T) composed {
	t.Helper()
	var all map[string]any
	if err := seeds.DecodeYAML("docker-compose.yml", project(t, "docker-compose.yml"), &all); err != nil {
		t.Fatal(err)
	}
	c := composed{services: make(map[string]container)}
	c.volumes, _ = all["volumes"].(map[string]any)
	services, _ := all["services"].(map[string]any)
	for name, v := range services {
		fields, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("service %s is no mapping", name)
		}
		s := container{
			profiles: texts(fields["profiles"]), command: texts(fields["command"]), volumes: texts(fields["volumes"]),
			environment: make(map[string]string),
		}
		s.image, _ = fields["image"].(string)
		env, _ := fields["environment"].(map[string]any)
		for k, v := range env {
			s.environment[k], _ = v.(string)
		}
		c.services[name] = s
	}
	return c
}

func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, e := range list {
		s, _ := e.(string)
		out = append(out, s)
	}
	return out
}

// TestCompose checks that the services are those that the README names, that the
// program takes their command lines and variables, and that their volumes exist.
func TestCompose(t *testing.T) {
	c := readCompose(t)
	var alone, cluster []string
	for name, s := range c.services {
		if len(s.profiles) == 0 {
			alone = append(alone, name)
		} else if slices.Equal(s.profiles, []string{"cluster"}) {
			cluster = append(cluster, name)
		}
		for _, v := range s.volumes {
			source, _, _ := strings.Cut(v, ":")
			if _, ok := c.volumes[source]; !ok && !strings.HasPrefix(source, "./") {
				t.Errorf("service %s: volume %s is not declared", name, source)
			}
		}
		if s.image != "palabre" {
			continue
		}
		args := slices.Clone(s.command)
		for k, v := range s.environment {
			flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(k, "PALABRE_")), "_", "-")
			args = append(args, "--"+flag+"="+v)
		}
		var out, errOut bytes.Buffer
		if status := run(t.Context(), append(args, "--help"), nil, &out, &errOut); status != exitOK {
			t.Errorf("service %s: palabre %s ends with %d: %s", name, strings.Join(args, " "), status, errOut.String())
		}
	}
	slices.Sort(cluster)
	if diff := cmp.Diff([]string{"palabre"}, alone); diff != "" {
		t.Errorf("services without a profile (-want +got):\n%s", diff)
	}
	want := []string{"classify-1", "classify-2", "ingest", "nats-1", "nats-2", "nats-3", "serve-1", "serve-2"}
	if diff := cmp.Diff(want, cluster); diff != "" {
		t.Errorf("services of the cluster (-want +got):\n%s", diff)
	}
}

// TestNATSConfig lets the server read its own configuration.
func TestNATSConfig(t *testing.T) {
	o, err := server.ProcessConfigFile(filepath.Join("..", "..", "deploy", "nats.conf"))
	if err != nil {
		t.Fatal(err)
	}
	if !o.SyncAlways || !o.JetStream || o.MaxPayload < 8_000_000 || len(o.Routes) != 3 {
		t.Errorf("sync always %v, JetStream %v, payload %d, %d routes", o.SyncAlways, o.JetStream, o.MaxPayload, len(o.Routes))
	}
}
