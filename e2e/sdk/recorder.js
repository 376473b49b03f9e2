'use strict'
// What an SDK's verifier computes for a delivery is the signature that its sender
// makes. SDKs that only verify are asked to verify a delivery with a placeholder, and
// what they computed, or what they wanted signed, is taken from the crypto functions
// below. It must be loaded before any SDK.
const crypto = require('crypto')
const { syncBuiltinESMExports } = require('module')

// mac is the first HMAC that was computed since it was last cleared (some compare by a
// second one), content the bytes that a public key was to verify, and digest the last hash.
const seen = { mac: undefined, content: undefined, digest: undefined }
const note = (mac) => { seen.mac ??= mac }

const { createHmac, createHash, createVerify } = crypto
crypto.createHash = (...args) => {
  const hash = createHash(...args)
  const { digest } = hash
  hash.digest = (encoding) => {
    seen.digest = digest.call(hash)
    return encoding ? seen.digest.toString(encoding) : seen.digest
  }
  return hash
}
crypto.createHmac = (...args) => {
  const hmac = createHmac(...args)
  const { digest } = hmac
  hmac.digest = (encoding) => {
    const mac = digest.call(hmac)
    note(mac)
    return encoding ? mac.toString(encoding) : mac
  }
  return hmac
}
crypto.createVerify = (...args) => {
  const verify = createVerify(...args)
  const { update } = verify
  const parts = []
  verify.update = (data, encoding) => {
    parts.push(Buffer.from(data, encoding))
    seen.content = Buffer.concat(parts)
    return update.call(verify, data, encoding)
  }
  return verify
}
syncBuiltinESMExports()

const { subtle } = crypto.webcrypto
const { importKey, sign, verify } = subtle
const raw = new WeakMap() // the bytes of HMAC keys, which a key of the use verify does not sign with
subtle.importKey = async (format, data, algorithm, ...rest) => {
  const key = await importKey.call(subtle, format, data, algorithm, ...rest)
  if (algorithm.name === 'HMAC') raw.set(key, Buffer.from(data))
  return key
}
subtle.sign = async (algorithm, key, data) => {
  const signature = await sign.call(subtle, algorithm, key, data)
  note(Buffer.from(signature))
  return signature
}
subtle.verify = async (algorithm, key, signature, data) => {
  seen.content = Buffer.from(data)
  if (raw.has(key)) note(createHmac(key.algorithm.hash.name.replace('-', ''), raw.get(key)).update(seen.content).digest())
  return verify.call(subtle, algorithm, key, signature, data)
}

const nacl = require('tweetnacl') // by which telnyx verifies
const detached = nacl.sign.detached.verify
nacl.sign.detached.verify = (content, ...rest) => {
  seen.content = Buffer.from(content)
  return detached(content, ...rest)
}

module.exports = seen
