'use strict'
// A clock that can be stopped, since SDKs look at Date only: what they say of a delivery
// may not depend on how long it waited for its turn. It must be loaded before any SDK.
const real = Date
const { now } = real
let stopped

globalThis.Date = new Proxy(real, {
  construct: (target, args, caller) => Reflect.construct(target, args.length || stopped === undefined ? args : [stopped], caller),
  get: (target, name) => name === 'now' ? () => stopped ?? now() : Reflect.get(target, name)
})

// asOf runs f at a time, in unix milliseconds.
module.exports = async function asOf (time, f) {
  stopped = time
  try {
    return await f()
  } finally {
    stopped = undefined
  }
}
