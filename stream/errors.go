package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Errors that callers tell apart.
var (
	// ErrFull says that a stream has reached its size limit and refused a message.
	ErrFull = errors.New("stream is full")
	// ErrTooLarge says that a message is larger than the server carries.
	ErrTooLarge = errors.New("message is too large")
	// ErrUnavailable says that something which the work needs is out of reach
	// for now, such as the server. Handlers may wrap it too, around the failure
	// of a disk or a database: their messages are then kept and not blamed.
	ErrUnavailable = errors.New("unavailable for now")
	// ErrClosed says that the bus was closed.
	ErrClosed = errors.New("bus is closed")
)

// Error codes of the server that neither client library names.
const (
	codeAccountLimit  jetstream.ErrorCode = 10002
	codeServerLimit   jetstream.ErrorCode = 10023
	codeStorageLimit  jetstream.ErrorCode = 10047
	codeStoreFailed   jetstream.ErrorCode = 10077
	codeBeingStored   jetstream.ErrorCode = 10158
	codeBatchBroken   jetstream.ErrorCode = 10176
	textStreamIsLimit                     = "maximum bytes exceeded"
)

// blameless reports whether err is due to circumstances that pass, and not to
// the message that was handled.
func blameless(err error) bool {
	return errors.Is(err, ErrUnavailable) || errors.Is(err, ErrFull)
}

// explain gives an error of the server or the connection the name by which
// callers know it. An error of the caller's own context is returned as it is.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, nats.ErrMaxPayload) {
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	switch api.ErrorCode {
	case codeAccountLimit, codeServerLimit, codeStorageLimit:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case codeStoreFailed:
		if strings.Contains(api.Description, textStreamIsLimit) {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	case jetstream.JSErrCodeStreamMessageExceedsMaximum:
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	case codeBeingStored, codeBatchBroken:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if api.Code >= 500 || api.Code == 429 {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}
