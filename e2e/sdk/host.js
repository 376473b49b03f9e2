'use strict'
// Signs and verifies deliveries by the SDKs of their senders: a line of JSON in, a line
// out, in order, until the input ends.
//
// {"op":"list"} lists the senders; {"op":"verify", "sender", "key", "settings", "delivery",
// "at"} answers with valid; {"op":"sign", ..., "private"} answers with the delivery as the
// sender would have signed it. All happens at the time at, in unix milliseconds. A
// delivery is {method, url, headers: {lower-case name: value}, body: base64}.
const asOf = require('./clock')
const recorded = require('./recorder')

const senders = Object.assign({}, ...['body', 'timed', 'standard', 'url', 'public', 'encrypted'].map((name) => require('./senders/' + name)))

const write = process.stdout.write.bind(process.stdout)
for (const name of ['log', 'info', 'warn', 'debug']) console[name] = () => {} // stdout is for answers
for (const name of ['http', 'https']) {
  require(name).request = require(name).get = () => { throw new Error('an SDK asked for the network') }
}
globalThis.fetch = () => { throw new Error('an SDK asked for the network') }

class Delivery {
  constructor ({ method, url, headers, body }) {
    Object.assign(this, { method, url, headers, body: Buffer.from(body, 'base64') })
  }

  get text () { return this.body.toString() }
  get json () { return JSON.parse(this.text) }
  get form () { return Object.fromEntries(new URLSearchParams(this.text)) }
  get path () { return this.url.slice(new URL(this.url).origin.length) }
  toJSON () { return { ...this, body: this.body.toString('base64') } }
}

async function verify (sender, delivery, context) {
  try {
    const valid = await sender.verify(delivery, context)
    return valid === false ? { valid: false } : { valid: true }
  } catch (error) {
    return { valid: false, why: String(error && error.message || error) }
  }
}

// sign uses the sender's own signer, or else puts in place what its verifier computes
// once the delivery is complete but for its signature.
async function sign (sender, delivery, context) {
  if (sender.sign) return sender.sign(delivery, context)
  recorded.mac = recorded.content = recorded.digest = undefined
  sender.put(delivery, Buffer.alloc(32), context)
  await verify(sender, delivery, context)
  const computed = sender.hashes ? recorded.digest : recorded.mac
  const signature = sender.seal ? sender.seal(recorded.content, context) : computed
  if (!signature) throw new Error('the SDK computed nothing')
  sender.put(delivery, signature, context)
}

async function answer ({ op, sender: name, delivery: given, key, private: secret, settings, at }) {
  if (op === 'list') {
    return { senders: Object.fromEntries(Object.entries(senders).map(([name, s]) => [name, { package: s.package, signer: s.sign ? 'own' : 'computed' }])) }
  }
  const sender = senders[name]
  if (!sender) throw new Error('no such sender')
  const delivery = new Delivery(given)
  const context = { key, private: secret, settings: settings || {}, at }
  if (op === 'verify') return asOf(at, () => verify(sender, delivery, context))
  await asOf(at, () => sign(sender, delivery, context))
  return { delivery }
}

async function main () {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    let reply
    try {
      reply = await answer(JSON.parse(line))
    } catch (error) {
      reply = { error: String(error && error.stack || error) }
    }
    write(JSON.stringify(reply) + '\n')
  }
}

main()
