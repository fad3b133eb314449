package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/gohearth/hearth/cachewarm/session"
)

// endpoint returns the MCP socket of a session of a workspace: the one that an
// editor uses, so that an agent sees what is unsaved there, else a parked one.
// It returns when the workspace is loaded: gopls serves no MCP before.
func (p *pool) endpoint(spec Spec, params, answer json.RawMessage) (string, error) {
	m, err := p.serving(spec, params, answer)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	return m.socket, m.Catch(ctx)
}

// loadTimeout is for a gopls that does not load at all.
const loadTimeout = 10 * time.Minute

// serving returns the session whose endpoint an agent is to use.
func (p *pool) serving(spec Spec, params, answer json.RawMessage) (*member, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !spec.MCP {
		return nil, errors.New("the gopls of this workspace does not serve MCP")
	}
	var best *member
	for _, m := range p.members {
		if m.spec.Key != spec.Key || m.spec.Dir != spec.Dir || m.socket == "" || m.ending || m.Outdated() {
			continue
		}
		if best == nil || best.parked && !m.parked || best.parked == m.parked && m.used.After(best.used) {
			best = m
		}
	}
	if best == nil {
		var err error
		answers := session.Answers{{Section: "gopls"}: answer}
		if best, err = p.start(spec, sessionKey(spec, params), params, answers, nil); err != nil {
			return nil, err
		}
	}
	best.used = time.Now()
	return best, nil
}

// catch makes the session with this endpoint know the files as they are.
func (p *pool) catch(socket string) error {
	p.mu.Lock()
	i := slices.IndexFunc(p.members, func(m *member) bool { return m.socket == socket && socket != "" })
	if i < 0 {
		p.mu.Unlock()
		return errors.New("the session has ended")
	}
	m := p.members[i]
	m.used = time.Now() // an agent's session is in use, if not attached
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	return m.Catch(ctx)
}
