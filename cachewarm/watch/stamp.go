package watch

import "os"

// A stamp is what can be seen of a file without reading it. The zero stamp is
// that of a file which does not exist or cannot be looked at.
type stamp struct{ info os.FileInfo }

// look returns the stamp of the file at path, or of what it links to.
func look(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info}
}

func (s stamp) exists() bool { return s.info != nil }

func (s stamp) isDir() bool { return s.info != nil && s.info.IsDir() }

// same reports whether both are of one inode.
func (s stamp) same(t stamp) bool {
	return s.exists() && t.exists() && os.SameFile(s.info, t.info)
}

// equal reports whether nothing that can be seen differs. A file that is
// replaced by one with the same time and size has another inode.
func (s stamp) equal(t stamp) bool {
	if !s.exists() || !t.exists() {
		return s.exists() == t.exists()
	}
	return s.same(t) && s.info.Size() == t.info.Size() && s.info.ModTime().Equal(t.info.ModTime())
}
