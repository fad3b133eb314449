package growth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/session"
)

// private is a daemon that serves nobody else.
type private struct {
	dir    string // the workspace
	state  string // XDG_STATE_HOME
	client daemon.Client
}

func newDaemon(w *workspace) *private {
	state := filepath.Join(w.home, "s")
	return &private{dir: w.dir, state: state, client: daemon.Client{Place: daemon.At(filepath.Join(state, "hearth"))}}
}

// env has hearth lsp use it. A session of the largest workspace may take most of
// the machine, and the editor that is played is not the user's.
func (d *private) env() []string {
	return []string{"XDG_STATE_HOME=" + d.state, "HEARTH_WARM_MEMORY=90%", "HEARTH_NO_PROFILE=1"}
}

// serving returns the processes of the daemon and of the session in use; 0: there
// is none.
func (d *private) serving(ctx context.Context) (own, gopls int) {
	status, err := d.client.Status(ctx)
	if err != nil {
		return 0, 0
	}
	for _, s := range status.Sessions {
		if s.Root == d.dir && s.State == session.Attached {
			return status.Pid, s.Pid
		}
	}
	return 0, 0
}

// end ends what is parked and returns when it is gone.
func (d *private) end(ctx context.Context) error {
	_, _, err := d.client.Stop(ctx, d.dir)
	if errors.Is(err, daemon.ErrNone) {
		return nil // not yet
	}
	return err
}

// stop ends the daemon, waits until it is gone, and removes its folder, which need
// not be below the state folder.
func (d *private) stop() {
	defer os.RemoveAll(d.client.Place.Dir)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, _, err := d.client.Stop(ctx, ""); err != nil {
		return
	}
	for ctx.Err() == nil {
		if _, err := d.client.Status(ctx); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
