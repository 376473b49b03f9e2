// Package api is what the inspector's page and its server say to each other, in JSON over
// HTTP below a path that holds the token:
//
//	GET  api/session              Session
//	GET  api/deliveries           Page, of a Query
//	GET  api/deliveries/{n}       Detail
//	GET  api/facets               Facets
//	GET  api/updates              server-sent events named tick, each a Tick
//	GET  api/routing              Routing
//	GET  api/health               Health
//	GET  api/dead-letters         DeadLetters
//	POST api/acts/preview         Order, answered with a Plan
//	POST api/acts/run             Order with the Plan's key, answered with a Done
//	POST api/acts/undo            Undo, answered with a Done
//
// Whatever fails is answered with a Fault and a status of 4xx or 5xx. No text of any of
// them holds a secret or a signature: those are masked before they get here.
package api
