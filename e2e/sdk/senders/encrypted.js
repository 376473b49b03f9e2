'use strict'
// Senders that sign what they encrypt, by a hash in place of an HMAC.
const seconds = (c) => String(Math.floor(c.at / 1000))
const silent = { error () {}, warn () {}, info () {}, debug () {}, trace () {} }

module.exports = {
  lark: {
    package: '@larksuiteoapi/node-sdk',
    hashes: true,
    verify: async (d, c) => {
      const { EventDispatcher } = require('@larksuiteoapi/node-sdk')
      // As its adapters do: the headers stand in the prototype, so that the body alone is hashed.
      const data = Object.assign(Object.create({ headers: d.headers }), d.json)
      // It answers with nothing where the signature is wrong, and with a text where nobody wants the event.
      return await new EventDispatcher({ encryptKey: c.key, logger: silent }).invoke(data) !== undefined
    },
    put: (d, digest, c) => {
      d.headers['x-lark-request-timestamp'] = seconds(c)
      d.headers['x-lark-signature'] = digest.toString('hex')
    }
  },
  wecom: {
    package: '@wecom/crypto',
    verify: (d, c) => {
      const { getSignature, decrypt } = require('@wecom/crypto')
      const query = new URL(d.url).searchParams
      const encrypted = sealed(d.text)
      if (query.get('msg_signature') !== getSignature(c.key, query.get('timestamp'), query.get('nonce'), encrypted)) return false
      return decrypt(c.settings.encoding_aes_key, encrypted).id === c.settings.receive_id
    },
    sign: (d, c) => {
      const { getSignature, decrypt, encrypt } = require('@wecom/crypto')
      const { message } = decrypt(c.settings.encoding_aes_key, sealed(d.text))
      const encrypted = encrypt(c.settings.encoding_aes_key, message, c.settings.receive_id)
      d.body = Buffer.from(d.text.replace(sealed(d.text), encrypted))
      const url = new URL(d.url)
      url.searchParams.set('timestamp', seconds(c))
      url.searchParams.set('msg_signature', getSignature(c.key, seconds(c), url.searchParams.get('nonce'), encrypted))
      d.url = url.href
    }
  }
}

const sealed = (text) => text.match(/<Encrypt>(?:<!\[CDATA\[)?([^<\]]*)/)[1]
