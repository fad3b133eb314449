package a

import "sort"

func keysOfFloat(m map[float64]bool) []float64 {
	var keys []float64
	for k, ok := range m {
		if ok {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}
