package ingest

import (
	"net/http"

	"palabre/ingest/web"
	"palabre/statement"
)

// memory is what a source may be asked with next time: the validators that its
// servers gave, by address, and marks of ours for what has been dealt with.
// What is not used in a check is forgotten with it, unless the check fails.
type memory struct {
	etag, modified       map[string]string // from before
	newETag, newModified map[string]string
}

func remember(h statement.Health) memory {
	return memory{h.ETag, h.LastModified, make(map[string]string), make(map[string]string)}
}

// request asks for url, conditionally if it was seen before.
func (m *memory) request(url, accept string) web.Request {
	return web.Request{URL: url, ETag: m.etag[url], LastModified: m.modified[url], Accept: accept}
}

// note keeps the validators of a response.
func (m *memory) note(url string, header http.Header) {
	if v := header.Get("ETag"); v != "" {
		m.newETag[url] = v
	}
	if v := header.Get("Last-Modified"); v != "" {
		m.newModified[url] = v
	}
}

// keep takes over what was known of url.
func (m *memory) keep(url string) {
	for _, key := range []string{url, markKey(url)} {
		if v, ok := m.etag[key]; ok {
			m.newETag[key] = v
		}
	}
	if v, ok := m.modified[url]; ok {
		m.newModified[url] = v
	}
}

// keepAll takes over everything that was known.
func (m *memory) keepAll() {
	for url := range m.etag {
		m.keep(url)
	}
	for url := range m.modified {
		m.keep(url)
	}
}

// The mark of a part of a source is the hash of what stood there when it was
// last dealt with: as long as it is the same, there is nothing to do.
func markKey(part string) string { return part + "#mark" }

func (m *memory) marked(part, hash string) bool { return m.etag[markKey(part)] == hash }

func (m *memory) mark(part, hash string) { m.newETag[markKey(part)] = hash }

func (m *memory) validators() (etag, modified map[string]string) { return m.newETag, m.newModified }
