package daemon

import (
	"cmp"
	"os"
	"slices"
	"time"

	"github.com/gohearth/hearth/internal/procstat"
)

// Limits bound what sessions may cost.
type Limits struct {
	Sessions int   // parked at once; 0: 8
	Memory   int64 // bytes of all sessions; 0: a quarter of the machine's
	Spares   int   // parked sessions beside each attached one
	Ghosts   int   // files that a parked session keeps open; 0: 6, below 0: none
	Hang     time.Duration

	// Settle is for how long a session must have been parked before its memory counts;
	// 0: 30 seconds. What gopls takes while it loads and checks a large tree can be four
	// times of what it holds when it waits, and it gives that back once it has
	// nothing to do: without this, the session that took longest to load would be ended.
	Settle time.Duration
}

func (l Limits) withDefaults() Limits {
	if l.Sessions == 0 {
		l.Sessions = 8
	}
	if l.Memory == 0 {
		if l.Memory = procstat.Memory() / 4; l.Memory == 0 {
			l.Memory = 4 << 30
		}
	}
	if l.Ghosts == 0 {
		l.Ghosts = 6
	}
	if l.Hang == 0 {
		l.Hang = time.Minute
	}
	if l.Settle == 0 {
		l.Settle = 30 * time.Second
	}
	return l
}

// enforce ends parked sessions until the limits are kept, the one that was used
// longest ago first. p.mu is held.
func (p *pool) enforce() {
	var total int64
	var parked []*member
	twins := make(map[string]int)
	for _, m := range p.members {
		if m.ending {
			continue
		}
		if m.parked {
			parked = append(parked, m)
		}
		m.memory = 0 // not known
		if !m.parked || time.Since(m.used) > p.limits.Settle {
			if u, err := procstat.Tree(m.Pid()); err == nil {
				m.memory = u.RSS
			}
		}
		total += m.memory
	}
	slices.SortFunc(parked, func(a, b *member) int { return cmp.Compare(b.used.UnixNano(), a.used.UnixNano()) })
	for i := len(parked) - 1; i >= 0; i-- {
		m := parked[i]
		if i < p.limits.Sessions && (total <= p.limits.Memory || m.memory == 0) {
			break
		}
		p.log.Info("ending a parked session to make room", "dir", m.spec.Dir, "memory", m.memory, "total", total)
		total -= m.memory
		p.end(m)
	}
	// More than one of a kind is kept only as spares.
	for _, m := range parked {
		if m.ending {
			continue
		}
		if twins[m.key]++; twins[m.key] > 1+p.limits.Spares {
			p.end(m)
		}
	}
}

// tidy ends what must not stay, provides spares, and reports whether there is
// no session.
func (p *pool) tidy() (empty bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lookForFolders()
	if time.Since(p.checked) > p.limits.Settle {
		p.checked = time.Now()
		p.enforce()
	}
	p.provide()
	return len(p.members) == 0
}

// lookForFolders ends the parked sessions whose folder is gone. It looks in the
// background, and not twice at once: a network that is down may keep a look for
// ever. p.mu is held.
func (p *pool) lookForFolders() {
	if p.looking {
		return
	}
	p.looking = true
	members := slices.Clone(p.members)
	go func() {
		for _, m := range members {
			_, err := os.Stat(m.spec.Dir)
			p.mu.Lock()
			if m.parked && !m.ending && os.IsNotExist(err) {
				p.log.Info("the workspace is gone", "dir", m.spec.Dir)
				p.end(m)
			}
			p.mu.Unlock()
		}
		p.mu.Lock()
		p.looking = false
		p.mu.Unlock()
	}()
}

// provide starts the spares of sessions that have been in use for a while. p.mu
// is held.
func (p *pool) provide() {
	if p.limits.Spares == 0 || p.retired {
		return
	}
	for _, m := range slices.Clone(p.members) {
		if m.parked || m.ending || time.Since(m.used) < 10*time.Second {
			continue
		}
		spares := 0
		for _, other := range p.members {
			if other.key == m.key && other.parked && !other.ending {
				spares++
			}
		}
		if spares < p.limits.Spares {
			p.twin(m)
			return // the next one at the next look
		}
	}
}
