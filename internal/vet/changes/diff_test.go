package changes

import (
	"reflect"
	"testing"
)

const sample = `diff --git a/a.go b/a.go
index 1..2 100644
--- a/a.go
+++ b/a.go
@@ -1,2 +1,3 @@ func F() {
--- a/not.go
-x
+++ b/not.go
+x
+@@ -1 +1 @@
@@ -9 +11 @@
-x
\ No newline at end of file
+y
\ No newline at end of file
@@ -20,2 +21,0 @@
-x
-y
diff --git a/old.go b/new name.go
similarity index 90%
rename from old.go
rename to new name.go
--- a/old.go
+++ b/new name.go	
@@ -0,0 +5,2 @@
+x
+y
diff --git a/gone.go b/gone.go
--- a/gone.go
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git "a/t\tab\303\244.go" "b/t\tab\303\244.go"
--- /dev/null
+++ "b/t\tab\303\244.go"
@@ -0,0 +1 @@
+x
diff --git a/x.png b/x.png
Binary files a/x.png and b/x.png differ
`

func TestParse(t *testing.T) {
	got, err := parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]span{
		"a.go":        {{1, 3}, {11, 11}},
		"new name.go": {{5, 6}},
		"t\tabä.go":   {{1, 1}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, bad := range []string{"@@ x\n", "@@ -1 +x @@\n", "@@ -1,-2 +1 @@\n"} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Fuzz(func(t *testing.T, diff string) {
		files, err := parse(diff)
		if err != nil {
			return
		}
		for file, list := range files {
			for _, s := range list {
				if file == "" || s.first > s.last {
					t.Errorf("%q: %v", file, s)
				}
			}
		}
	})
}
