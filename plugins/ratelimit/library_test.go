package ratelimit

import (
	"testing"

	"github.com/ulule/limiter/v3/drivers/store/tests"
)

// TestStoresPassTheLibrarysOwnSuite runs what limiter's stores are held to.
func TestStoresPassTheLibrarysOwnSuite(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		s := newMemory(newLiveKit(t).stores.now, maxKeys)
		tests.TestStoreSequentialAccess(t, s)
		tests.TestStoreConcurrentAccess(t, s)
	})
	t.Run("redis", func(t *testing.T) {
		tests.TestStoreSequentialAccess(t, startRedis(t).client())
	})
}
