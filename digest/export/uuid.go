package export

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
)

// namespace is under which this program names things: a random UUID.
const namespace = "d3ed8a9d362c48e38ccd8211fe49d9b4"

// uuid returns the UUID, of version 5, of what the parts name. The same parts
// always have the same one. SHA-1 is what that version asks for; nothing rests on
// its strength.
func uuid(parts ...string) string {
	space, _ := hex.DecodeString(namespace) // a constant
	h := sha1.New()
	h.Write(space)
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	x := hex.EncodeToString(u)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
