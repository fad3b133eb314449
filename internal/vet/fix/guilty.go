package fix

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
)

// maxTrials is how often the compiler is asked which fix breaks a package. A
// guilty one among a thousand takes eleven, and packages are searched side by
// side; beyond that a folder's fixes go as a whole.
const maxTrials = 60

// Compile drops the fixes with which a package, its tests or an importer of
// it does not compile. After an error nothing may be written.
func (p *Plan) Compile(ctx context.Context, builds []Build) error {
	if len(p.fixes) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "hearth-fix-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &compiler{root: p.root, builds: builds, dir: dir, broken: make(map[string]bool)}
	dirs := make(map[string]bool)
	for _, f := range p.fixes {
		for _, e := range f.edits {
			dirs[path.Dir(e.File)] = true
		}
	}
	if dirs, err = c.affected(ctx, dirs); err != nil {
		return err
	}
	s := &search{plan: p, compiler: c, dirs: dirs}
	fails, err := s.try(ctx, dirs, p.fixes)
	if err != nil || len(fails) == 0 {
		return err
	}
	if err := s.dropBroken(ctx, fails); err != nil {
		return err
	}
	return s.narrow(ctx)
}

// search looks for the fixes that break packages.
type search struct {
	plan     *Plan
	compiler *compiler
	dirs     map[string]bool // all that has to compile
	trials   int
}

// try compiles dirs with fixes applied.
func (s *search) try(ctx context.Context, dirs map[string]bool, fixes []*fix) (failures, error) {
	s.trials++
	changes, broken := s.plan.render(fixes)
	fails, err := s.compiler.compile(ctx, dirs, changes)
	for name, err := range broken {
		if dir := path.Dir(name); dirs[dir] {
			fails[dir] = fmt.Sprintf("%s: %v", name, err)
		}
	}
	return fails, err
}

// dropBroken drops the fixes in packages that do not compile without any.
func (s *search) dropBroken(ctx context.Context, fails failures) error {
	before, err := s.try(ctx, keys(fails), nil)
	if err != nil {
		return err
	}
	for dir := range before {
		s.compiler.broken[dir] = true
		s.plan.drop(s.plan.in(dir), "its package does not compile as it is: "+before[dir])
	}
	return nil
}

// narrow drops guilty fixes until everything compiles.
func (s *search) narrow(ctx context.Context) error {
	for {
		fails, err := s.try(ctx, s.dirs, s.plan.fixes)
		if err != nil || len(fails) == 0 {
			return err
		}
		if s.trials > 2*maxTrials {
			return errors.New("the fixes do not compile together, and no set of them was found that does")
		}
		before := len(s.plan.fixes)
		if err := s.bisect(ctx, fails); err != nil {
			return err
		}
		if len(s.plan.fixes) == before {
			// It is not their own fixes that break them.
			if err := s.dropImported(ctx, fails); err != nil {
				return err
			}
		}
	}
}

// suspects are the fixes in one folder. With the first pass of them it
// compiles, with the first fail it does not.
type suspects struct {
	fixes      []*fix
	pass, fail int // -1: not known yet
	try        int
	why        string // what the compiler says with the first fail
}

// next sets how many are tried next. Whether it compiles with none is asked
// first, as it may fail for what it imports, and with all after each loss.
func (g *suspects) next() {
	switch {
	case g.pass < 0:
		g.try = 0
	case g.fail < 0:
		g.try = len(g.fixes)
	default:
		g.try = (g.pass + g.fail) / 2
	}
}

// bisect finds guilty fixes in all folders that fail, at the same time.
func (s *search) bisect(ctx context.Context, fails failures) error {
	open := make(map[string]*suspects)
	for dir, why := range fails {
		if list := s.plan.in(dir); len(list) > 0 {
			open[dir] = &suspects{fixes: list, pass: -1, fail: len(list), why: why}
		}
	}
	for len(open) > 0 {
		for _, g := range open {
			g.next()
		}
		fails, err := s.try(ctx, keys(open), s.chosen(open))
		if err != nil {
			return err
		}
		for dir, g := range open {
			why, failed := fails[dir]
			switch {
			case failed && g.try == 0:
				delete(open, dir)
				continue
			case failed:
				g.fail, g.why = g.try, why
			case g.try == len(g.fixes):
				delete(open, dir)
				continue
			default:
				g.pass = g.try
			}
			if s.trials > maxTrials && g.pass >= 0 {
				s.plan.drop(g.fixes[g.pass:], "its package does not compile with all fixes: "+g.why)
				delete(open, dir)
			} else if g.pass >= 0 && g.fail == g.pass+1 {
				s.plan.drop(g.fixes[g.pass:g.fail], "with it the package does not compile: "+g.why)
				g.fixes, g.fail = slices.Delete(g.fixes, g.pass, g.fail), -1
			}
		}
	}
	return nil
}

// chosen returns the fixes of the plan without those that are not being tried.
func (s *search) chosen(open map[string]*suspects) []*fix {
	left := make(map[*fix]bool)
	for _, g := range open {
		for _, f := range g.fixes[g.try:] {
			left[f] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(s.plan.fixes), func(f *fix) bool { return left[f] })
}

// dropImported drops all fixes of the packages that those which fail need: no
// fix of their own breaks them. That is coarse, and as good as never needed, for
// fixes seldom change what other packages see.
func (s *search) dropImported(ctx context.Context, fails failures) error {
	dropped := false
	for _, dir := range slices.Sorted(maps.Keys(s.fixed())) {
		users, err := s.compiler.affected(ctx, map[string]bool{dir: true})
		if err != nil {
			return err
		}
		for failing, why := range fails {
			if users[failing] && failing != dir {
				s.plan.drop(s.plan.in(dir), fmt.Sprintf("with the fixes in its package, %s does not compile: %s", failing, why))
				dropped = true
				break
			}
		}
	}
	if !dropped {
		for dir, why := range fails {
			return fmt.Errorf("%s does not compile with the fixes: %s", dir, why)
		}
	}
	return nil
}

// fixed returns the folders in which there is something to fix.
func (s *search) fixed() map[string]bool {
	dirs := make(map[string]bool)
	for _, f := range s.plan.fixes {
		dirs[path.Dir(f.edits[0].File)] = true
	}
	return dirs
}

// in returns the fixes that edit a file in dir.
func (p *Plan) in(dir string) []*fix {
	var list []*fix
	for _, f := range p.fixes {
		if path.Dir(f.edits[0].File) == dir {
			list = append(list, f)
		}
	}
	return list
}

func keys[V any](m map[string]V) map[string]bool {
	set := make(map[string]bool)
	for k := range m {
		set[k] = true
	}
	return set
}
