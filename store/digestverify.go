package store

import (
	"palabre/statement"
)

// digests checks that what was issued is as it was issued, against its hashes and
// against the log.
func (v *verification) digests() error {
	err := v.find([]flaw{
		{"digest", "what issued it is not in the log", `SELECT period FROM digests d WHERE number IS NOT NULL AND NOT EXISTS
			(SELECT 1 FROM desk_log l WHERE l.subject = d.period AND l.action = 'issue-digest' AND NOT l.idle AND l.details ->> 'hash' = d.hash AND l.details ->> 'number' = d.number)`},
		{"digest", "one before it is missing", `SELECT period FROM digests d WHERE number > 1 AND NOT EXISTS (SELECT 1 FROM digests b WHERE b.number = d.number - 1)`},
	})
	if err != nil {
		return err
	}
	files := make(map[string][]statement.DigestFile)
	err = v.each(func(scan func(...any) error) error {
		var period, hash string
		var size int64
		var packed []byte
		var f statement.DigestFile
		if err := scan(&period, &f.Lang, &f.Format, &hash, &size, &packed); err != nil {
			return err
		}
		where := "digest " + period + ", " + f.Format + " in " + f.Lang
		body, err := decompress(packed, size)
		if err != nil {
			v.problem(where, "%s", err)
		} else if got := statement.HashBody(body); got != hash {
			v.problem(where, "its bytes have the hash %s", got)
		}
		f.Body = body
		if f.Format == "json" {
			files[period] = append(files[period], f)
		}
		return nil
	}, `SELECT period, lang, format, hash, size, body FROM digest_files ORDER BY period, lang, format`)
	if err != nil {
		return err
	}
	return v.each(func(scan func(...any) error) error {
		var period, hash string
		if err := scan(&period, &hash); err != nil {
			return err
		}
		v.report.Digests++
		if got := statement.DigestHash(files[period]); got != hash {
			v.problem("digest "+period, "it was issued with the hash %s and has %s", hash, got)
		}
		return nil
	}, `SELECT period, hash FROM digests WHERE number IS NOT NULL ORDER BY number`)
}
