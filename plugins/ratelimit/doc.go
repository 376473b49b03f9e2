// Package ratelimit bounds how many deliveries pass in a time: by address,
// route, provider or header before anything is verified, by tenant or event
// type once it is known whose event it is, so that a forged delivery cannot
// spend a tenant's budget.
//
// Counts are kept in the process or in Redis, where several gateways share
// them. A store that does not answer delays no delivery by more than 50 ms,
// and on_store_error says what happens without it.
//
// It is no protection against a flood of packets or connections: those have
// cost something before they come here. Counts are of fixed windows that begin
// with their first delivery, as ulule/limiter has them.
package ratelimit
