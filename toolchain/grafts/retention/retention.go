// Package retention decides which type-checked packages are worth their memory.
//
// A [Cache] holds no packages, only their names and costs: whoever keeps them
// asks what to drop. It is a segmented LRU (Karedla, Love and Wherry, Caching
// Strategies to Improve Disk System Performance, 1994): what was used once is
// on probation, what was used again is protected, and what falls out of the
// protected segment is on probation once more. So a request that touches every
// package once, as a search for references does, pushes out what others
// touched once, and not what a person works with. A plain LRU would lose all.
package retention

import (
	"container/list"
	"sync"
)

// A Cache bounds what is kept by cost, in any unit. It is safe for concurrent use.
type Cache[K comparable] struct {
	budget  func() int64
	largest int64

	mu        sync.Mutex
	entries   map[K]*list.Element // of *entry[K]
	probation segment
	protected segment
	large     *entry[K] // the one that was used last of those that cost more than a segment holds
}

// segment is a list with the latest use in front, and what it costs.
type segment struct {
	list.List
	cost int64
}

type entry[K comparable] struct {
	key       K
	cost      int64
	protected bool
}

// protectedShare of the budget is for what was used more than once.
const protectedShare = 0.8

// New returns a cache for costs that add up to budget, which is asked at each
// use: what it says may change, and 0 empties the cache. One entry may cost
// more, but never more than largest.
func New[K comparable](budget func() int64, largest int64) *Cache[K] {
	return &Cache[K]{budget: budget, largest: largest, entries: make(map[K]*list.Element)}
}

// Use notes a use of key, which costs so much from now on, and returns whether
// it is worth keeping and what is not any more. Of what costs more than the
// protected share the one that was used last is kept: it is what takes longest
// to make again, and a person who reads it asks for it again.
func (c *Cache[K]) Use(key K, cost int64) (keep bool, dropped []K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	budget := c.budget()
	limit := int64(protectedShare * float64(budget))
	again := c.remove(key)
	if c.large != nil && (cost > limit || budget == 0) {
		dropped = append(dropped, c.large.key)
		c.remove(c.large.key)
	}
	switch e := (&entry[K]{key, cost, again}); {
	case cost <= limit:
		c.add(e)
	case cost <= c.largest && budget > 0:
		c.large = e
	}
	for c.protected.cost > limit {
		e := c.protected.Back().Value.(*entry[K])
		c.remove(e.key)
		c.add(&entry[K]{e.key, e.cost, false})
	}
	for c.probation.cost+c.protected.cost > budget {
		e := c.probation.Back().Value.(*entry[K])
		c.remove(e.key)
		dropped = append(dropped, e.key)
	}
	return c.has(key), dropped
}

func (c *Cache[K]) has(key K) bool {
	return c.entries[key] != nil || c.large != nil && c.large.key == key
}

// Has reports whether key is worth keeping. It is no use of it.
func (c *Cache[K]) Has(key K) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.has(key)
}

// Cost returns what all that is worth keeping costs.
func (c *Cache[K]) Cost() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	cost := c.probation.cost + c.protected.cost
	if c.large != nil {
		cost += c.large.cost
	}
	return cost
}

func (c *Cache[K]) segment(protected bool) *segment {
	if protected {
		return &c.protected
	}
	return &c.probation
}

func (c *Cache[K]) add(e *entry[K]) {
	s := c.segment(e.protected)
	c.entries[e.key] = s.PushFront(e)
	s.cost += e.cost
}

// remove forgets key and reports whether it was there.
func (c *Cache[K]) remove(key K) bool {
	if c.large != nil && c.large.key == key {
		c.large = nil
		return true
	}
	element, ok := c.entries[key]
	if !ok {
		return false
	}
	e := element.Value.(*entry[K])
	s := c.segment(e.protected)
	s.Remove(element)
	s.cost -= e.cost
	delete(c.entries, key)
	return true
}
