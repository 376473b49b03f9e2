// Hands the events of the edge to a service over HTTP, as plugins/consumer/README.md says
// that events are read: a durable consumer, retries with backoff, duplicates that are
// remembered, large payloads from the object store, dead letters.
//
//   NATS_URL=nats://127.0.0.1:4222 SUBJECT='webhooks.github.>' SERVICE_URL=http://127.0.0.1:9000 node consumer.js
//
// Without SERVICE_URL it prints a line for each event.
import { createHash } from 'node:crypto'
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { connect, headers, nanos } from '@nats-io/transport-node'
import { HTTP } from 'cloudevents'

const env = process.env
const STREAM = 'WEBHOOKS'
const NAME = env.CONSUMER || 'example-js' // letters, digits, "_" and "-": it is a token of the letters' subjects
const TRIES = 4
const SPARE = 16 // deliveries behind them, in which only the dead letter is written
const BACKOFF = Number(env.BACKOFF_MS || 1000) // after the first failure, in milliseconds; it doubles
const MAX_BACKOFF = 300_000
const ACK_WAIT = 30_000
const MAX_DATA = 100 << 20 // bytes of a payload in the object store
const MAX_SEEN = 100_000

// Permanent is a failure that no further try can mend.
class Permanent extends Error {}

process.on('uncaughtException', (error) => { console.error(error.message); process.exit(1) })
const nc = await connect({ servers: env.NATS_URL, user: env.NATS_USER, pass: env.NATS_PASSWORD })
// The consumers' user of kong/nats.conf may not ask for the account, which is what the check does.
const jsm = await jetstreamManager(nc, { checkAPI: false })
const js = jetstream(nc, { checkAPI: false })

// durable makes the consumer, or gives an older one the settings of today.
async function durable () {
  const config = {
    durable_name: NAME,
    filter_subject: env.SUBJECT || 'webhooks.>',
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT),
    max_deliver: TRIES + SPARE // then JetStream itself reports the event to WEBHOOKS_DEAD
  }
  const there = await jsm.consumers.info(STREAM, NAME).catch((error) => {
    if (error.code !== 10014) throw error // JSConsumerNotFoundErr
  })
  if (there) await jsm.consumers.update(STREAM, NAME, config)
  else await jsm.consumers.add(STREAM, config)
  return js.consumers.get(STREAM, NAME)
}

// read returns the event of a message in either mode. In binary mode attributes are
// percent-encoded, which the SDK leaves as it is.
function read (msg) {
  try {
    const fields = {}
    for (const [name, [value]] of msg.headers ?? []) {
      const key = name.toLowerCase()
      fields[key] = key.startsWith('ce-') ? decodeURIComponent(value) : value
    }
    const event = HTTP.toEvent({ headers: fields, body: msg.string() })
    event.validate()
    return { event, binary: 'ce-specversion' in fields }
  } catch {
    throw new Permanent('it is no event') // an error's own text may repeat a piece of the event
  }
}

// payload returns the bytes of the payload. JSON of the structured mode is written anew;
// large numbers are rounded by then, so whoever needs them reads the message with another
// parser, or has the edge publish in binary mode.
async function payload (msg, { event, binary }) {
  if (event.dataref) return fetchObject(event)
  if (binary) return Buffer.from(msg.data)
  if (event.data_base64) return Buffer.from(event.data_base64, 'base64')
  return Buffer.from(event.data === undefined ? '' : JSON.stringify(event.data))
}

// fetchObject returns what dataref leads to, after a look at its size and its hash.
async function fetchObject ({ dataref, datasha256 }) {
  const { protocol, host, pathname } = new URL(dataref)
  if (protocol !== 'nats-object:') throw new Permanent('its dataref leads elsewhere')
  const store = await new Objm(js).open(host)
  const name = decodeURIComponent(pathname.slice(1))
  const info = await store.info(name)
  if (info === null) throw new Permanent('its payload is gone')
  if (info.size > MAX_DATA) throw new Permanent('its payload is too large')
  const data = Buffer.from(await store.getBlob(name))
  if (createHash('sha256').update(data).digest('hex') !== datasha256) throw new Permanent('its payload is another one')
  return data
}

// handle is the work: here another service does it, which says by its status what to do.
async function handle (event, data) {
  if (!env.SERVICE_URL) return console.log(event.source, event.type, event.id, data.length, 'bytes')
  const text = (value) => value.replace(/[^\x21\x23\x24\x26-\x7e]/gu, encodeURIComponent)
  const response = await fetch(env.SERVICE_URL, {
    method: 'POST',
    headers: {
      'content-type': event.datacontenttype ?? 'application/octet-stream',
      'ce-specversion': '1.0', 'ce-id': text(event.id), 'ce-source': text(event.source), 'ce-type': text(event.type),
      ...(event.subject && { 'ce-subject': text(event.subject) })
    },
    body: data,
    signal: AbortSignal.timeout(10_000)
  })
  await response.body?.cancel()
  if (response.status >= 400 && response.status < 500) throw new Permanent(`the service answers ${response.status}`)
  if (!response.ok) throw new Error(`the service answers ${response.status}`)
}

// What was handled, by source and id. A service keeps this in its own database, in the
// transaction that does the work: this memory is lost with the process.
const seen = new Set()

async function once (msg) {
  if (msg.info.deliveryCount > TRIES) throw new Permanent('its tries are used up, and none of them ended')
  const { event, binary } = read(msg)
  const key = JSON.stringify([event.source, event.id])
  if (seen.has(key)) return
  await handle(event, await payload(msg, { event, binary }))
  seen.add(key)
  if (seen.size > MAX_SEEN) seen.delete(seen.values().next().value) // the oldest
}

// deadLetter writes what `webhookctl dlq` reads: a copy of the message, who gave up and why.
async function deadLetter (msg, why) {
  const { stream, streamSequence, deliveryCount } = msg.info
  const origin = `${stream}/${streamSequence}`
  const fields = headers()
  for (const [name, values] of msg.headers ?? []) {
    if (/^nats-/i.test(name)) continue // orders to the server, for the first publication
    for (const value of values) fields.append(name, value)
  }
  fields.set('Webhook-Dead-Consumer', NAME)
  fields.set('Webhook-Dead-Reason', why.replace(/[^\x20-\x7e]/g, '?').slice(0, 512))
  fields.set('Webhook-Dead-Deliveries', String(deliveryCount))
  fields.set('Webhook-Dead-Subject', msg.subject)
  fields.set('Webhook-Origin', origin)
  await js.publish(`webhooks-dead.${NAME}.${msg.subject}`, msg.data, { headers: fields, msgID: `dead:${origin}:${NAME}` })
}

// settle handles a message and tells the server what came of it.
async function settle (msg) {
  const alive = setInterval(() => msg.working(), ACK_WAIT / 3)
  try {
    await once(msg)
    clearInterval(alive)
    await msg.ackAck()
  } catch (error) {
    clearInterval(alive)
    const tries = msg.info.deliveryCount
    console.error(`${msg.info.stream}/${msg.seq}, try ${tries}: ${error.message}`)
    if (!(error instanceof Permanent) && tries < TRIES) {
      msg.nak(Math.min(BACKOFF * 2 ** (tries - 1), MAX_BACKOFF))
      return
    }
    try {
      await deadLetter(msg, error.message)
      msg.term('dead letter')
    } catch (error) { // the event is not let go of
      console.error(`${msg.info.stream}/${msg.seq}: no dead letter: ${error.message}`)
      msg.nak(MAX_BACKOFF)
    }
  }
}

const messages = await (await durable()).consume({ max_messages: 1 })
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => messages.stop())
for await (const msg of messages) {
  await settle(msg).catch((error) => console.error(error.message)) // it comes again after ACK_WAIT
}
await nc.drain()
