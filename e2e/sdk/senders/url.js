'use strict'
// Senders that sign the URL that they call.
const crypto = require('crypto')

module.exports = {
  twilio: {
    package: 'twilio',
    verify: (d, c) => require('twilio/lib/webhooks/webhooks').validateRequest(c.key, d.headers['x-twilio-signature'], d.url, d.form),
    sign: (d, c) => { d.headers['x-twilio-signature'] = require('twilio/lib/webhooks/webhooks').getExpectedTwilioSignature(c.key, d.url, d.form) }
  },
  plivo: {
    package: 'plivo',
    verify: (d, c) => require('plivo').validateV3Signature(d.method, d.url, d.headers['x-plivo-signature-v3-nonce'], c.key, d.headers['x-plivo-signature-v3'], d.form),
    put: (d, mac) => { d.headers['x-plivo-signature-v3'] = mac.toString('base64') }
  },
  square: {
    package: 'square',
    verify: (d, c) => require('square').WebhooksHelper.isValidWebhookEventSignature(d.text, d.headers['x-square-hmacsha256-signature'], c.key, d.url),
    put: (d, mac) => { d.headers['x-square-hmacsha256-signature'] = mac.toString('base64') }
  },
  hubspot: {
    package: '@hubspot/api-client',
    verify: (d, c) => hubspot().isValid({
      signatureVersion: 'v3', signature: d.headers['x-hubspot-signature-v3'], method: d.method, clientSecret: c.key, requestBody: d.text, url: d.url, timestamp: Number(d.headers['x-hubspot-request-timestamp'])
    }),
    sign: (d, c) => {
      delete d.headers['x-hubspot-signature']
      delete d.headers['x-hubspot-signature-version']
      d.headers['x-hubspot-request-timestamp'] = String(c.at)
      d.headers['x-hubspot-signature-v3'] = hubspot().getSignature(d.method, 'v3', { clientSecret: c.key, requestBody: d.text, url: d.url, timestamp: c.at })
    }
  },
  messagebird: {
    package: 'messagebird',
    verify: async (d, c) => { await require('messagebird/lib/webhook-signature-jwt').verify(d.url, d.body, d.headers['messagebird-signature-jwt'], crypto.createSecretKey(Buffer.from(c.key))) },
    sign: async (d, c) => {
      const { SignJWT } = require('jose')
      const hash = (data) => crypto.createHash('sha256').update(data).digest('hex')
      const seconds = Math.floor(c.at / 1000)
      d.headers['messagebird-signature-jwt'] = await new SignJWT({ url_hash: hash(d.url), payload_hash: hash(d.body), jti: 'octo-' + c.at, nbf: seconds, iat: seconds, exp: seconds + 60, iss: 'MessageBird' })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(Buffer.from(c.key))
    }
  }
}

const hubspot = () => require('@hubspot/api-client').Signature
