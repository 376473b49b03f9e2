'use strict'
// Senders that sign with a private key.
const crypto = require('crypto')
const seconds = (c) => String(Math.floor(c.at / 1000))

// ed25519 and rsa sign what the SDK wanted signed.
const ed25519 = (content, c) => crypto.sign(null, content, c.private)

module.exports = {
  discord: {
    package: 'discord-interactions',
    verify: (d, c) => require('discord-interactions').verifyKey(d.body, d.headers['x-signature-ed25519'], d.headers['x-signature-timestamp'], c.key),
    seal: ed25519,
    put: (d, signature, c) => {
      d.headers['x-signature-timestamp'] = seconds(c)
      d.headers['x-signature-ed25519'] = signature.toString('hex')
    }
  },
  telnyx: {
    package: 'telnyx',
    verify: (d, c) => { require('telnyx')('KEY').webhooks.constructEvent(d.text, d.headers['telnyx-signature-ed25519'], d.headers['telnyx-timestamp'], c.key) },
    seal: ed25519,
    put: (d, signature, c) => {
      d.headers['telnyx-timestamp'] = seconds(c)
      d.headers['telnyx-signature-ed25519'] = signature.toString('base64')
    }
  },
  sendgrid: {
    package: '@sendgrid/eventwebhook',
    verify: (d, c) => {
      const webhook = new (require('@sendgrid/eventwebhook').EventWebhook)()
      return webhook.verifySignature(webhook.convertPublicKeyToECDSA(c.key), d.body, d.headers['x-twilio-email-event-webhook-signature'], d.headers['x-twilio-email-event-webhook-timestamp'])
    },
    // By the library that the SDK verifies with.
    sign: (d, c) => {
      const { Ecdsa, PrivateKey } = require('starkbank-ecdsa')
      const sec1 = crypto.createPrivateKey(c.private).export({ type: 'sec1', format: 'pem' })
      d.headers['x-twilio-email-event-webhook-timestamp'] = seconds(c)
      d.headers['x-twilio-email-event-webhook-signature'] = Ecdsa.sign(seconds(c) + d.text, PrivateKey.fromPem(sec1)).toBase64()
    }
  },
  'aws-sns': {
    package: 'sns-validator',
    verify: (d, c) => new Promise((resolve, reject) => {
      const https = require('https')
      const { get } = https
      https.get = (url, done) => { // the key in place of the certificate at SigningCertURL
        done(Object.assign(require('stream').Readable.from([c.key]), { statusCode: 200 }))
        return { on () {} }
      }
      // It remembers certificates by their URL.
      delete require.cache[require.resolve('sns-validator')]
      new (require('sns-validator'))().validate(d.text, (error) => error ? reject(error) : resolve(true))
      setImmediate(() => { https.get = get })
    }),
    seal: (content, c) => crypto.sign('sha256', content, c.private),
    put: (d, signature, c) => {
      const message = d.json
      message.Timestamp = new Date(c.at).toISOString()
      message.Signature = signature.toString('base64')
      d.body = Buffer.from(JSON.stringify(message))
    }
  },
  ebay: {
    package: 'event-notification-nodejs-sdk',
    verify: (d, c) => {
      require('event-notification-nodejs-sdk/lib/client').getPublicKey = async () => ({ key: c.key.replaceAll('\n', '') })
      return require('event-notification-nodejs-sdk/lib/validator').validateSignature(d.json, d.headers['x-ebay-signature'], {})
    },
    seal: (content, c) => crypto.sign('sha1', content, c.private),
    put: (d, signature) => {
      d.headers['x-ebay-signature'] = Buffer.from(JSON.stringify({ alg: 'ecdsa', kid: '9936261a-7d7b-4621-a0f1-964ccf0f5d61', signature: signature.toString('base64'), digest: 'SHA1' })).toString('base64')
    }
  },
  'google-pubsub-push': {
    package: 'google-auth-library',
    verify: async (d, c) => {
      const { OAuth2Client } = require('google-auth-library')
      const certificates = Object.fromEntries(JSON.parse(c.key).keys.map((jwk) => [jwk.kid, crypto.createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })]))
      const ticket = await new OAuth2Client().verifySignedJwtWithCertsAsync(d.headers.authorization.replace(/^Bearer /, ''), certificates, c.settings.audience, ['accounts.google.com', 'https://accounts.google.com'])
      const claims = ticket.getPayload()
      // As the docs say of push requests: check the account (Authentication for push subscriptions).
      return claims.email === c.settings.service_account && claims.email_verified === true
    },
    // By the library that the SDK signs with.
    sign: (d, c) => {
      const at = Math.floor(c.at / 1000)
      const payload = { aud: c.settings.audience, azp: '113774264463038321964', email: c.settings.service_account, email_verified: true, exp: at + 3600, iat: at, iss: 'https://accounts.google.com', sub: '113774264463038321964' }
      d.headers.authorization = 'Bearer ' + require('jws').sign({ header: { alg: 'RS256', kid: JSON.parse(c.key).keys[0].kid, typ: 'JWT' }, payload, secret: c.private })
    }
  }
}
