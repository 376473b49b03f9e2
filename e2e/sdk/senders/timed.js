'use strict'
// Senders whose HMAC covers the time beside the body.
const path = require('path')

const seconds = (c) => String(Math.floor(c.at / 1000))
const millis = (c) => String(c.at)

const mux = () => new (require('@mux/mux-node'))({ tokenId: 'i', tokenSecret: 's' }).webhooks
const workos = () => new (require('@workos-inc/node').WorkOS)('sk_octo').webhooks
const contentful = (d) => ({ method: d.method, path: d.path, body: d.text, headers: d.headers })

module.exports = {
  stripe: {
    package: 'stripe',
    verify: (d, c) => { require('stripe')('sk_octo').webhooks.constructEvent(d.body, d.headers['stripe-signature'], c.key) },
    sign: (d, c) => {
      d.headers['stripe-signature'] = require('stripe')('sk_octo').webhooks.generateTestHeaderString({ payload: d.text, secret: c.key, timestamp: Number(seconds(c)) })
    }
  },
  slack: {
    package: '@slack/bolt',
    verify: (d, c) => { require('@slack/bolt/dist/receivers/verify-request').verifySlackRequest({ signingSecret: c.key, body: d.text, headers: d.headers }) },
    put: (d, mac, c) => {
      d.headers['x-slack-request-timestamp'] = seconds(c)
      d.headers['x-slack-signature'] = 'v0=' + mac.toString('hex')
    }
  },
  mux: {
    package: '@mux/mux-node',
    verify: (d, c) => mux().verifySignature(d.text, d.headers, c.key),
    put: (d, mac, c) => { d.headers['mux-signature'] = `t=${seconds(c)},v1=${mac.toString('hex')}` }
  },
  paddle: {
    package: '@paddle/paddle-node-sdk',
    verify: (d, c) => new (require('@paddle/paddle-node-sdk').Paddle)('k').webhooks.isSignatureValid(d.text, c.key, d.headers['paddle-signature']),
    put: (d, mac, c) => { d.headers['paddle-signature'] = `ts=${seconds(c)};h1=${mac.toString('hex')}` }
  },
  workos: {
    package: '@workos-inc/node',
    verify: async (d, c) => { await workos().verifyHeader({ payload: d.json, sigHeader: d.headers['workos-signature'], secret: c.key }) },
    sign: async (d, c) => { d.headers['workos-signature'] = `t=${millis(c)}, v1=${await workos().computeSignature(millis(c), d.json, c.key)}` }
  },
  sanity: {
    package: '@sanity/webhook',
    verify: (d, c) => require('@sanity/webhook').assertValidRequest({ headers: d.headers, body: d.text }, c.key),
    sign: async (d, c) => { d.headers['sanity-webhook-signature'] = await require('@sanity/webhook').encodeSignatureHeader(d.text, c.at, c.key) }
  },
  retell: {
    package: 'retell-sdk',
    verify: (d, c) => require('retell-sdk').verify(d.text, c.key, d.headers['x-retell-signature']),
    sign: async (d, c) => { d.headers['x-retell-signature'] = await require('retell-sdk/lib/webhook_auth').symmetric.sign(d.text, c.key, c.at) }
  },
  contentful: {
    package: '@contentful/node-apps-toolkit',
    verify: (d, c) => require('@contentful/node-apps-toolkit').verifyRequest(c.key, contentful(d)),
    sign: (d, c) => Object.assign(d.headers, require('@contentful/node-apps-toolkit').signRequest(c.key, { method: d.method, path: d.path, body: d.text, headers: {} }, c.at))
  },
  box: {
    package: 'box-node-sdk',
    verify: (d, c) => require('box-node-sdk').validateWebhookMessage(d.text, d.headers, c.key, null),
    put: (d, mac, c) => {
      d.headers['box-delivery-timestamp'] = new Date(c.at).toISOString()
      d.headers['box-signature-primary'] = mac.toString('base64')
    }
  },
  mercadopago: {
    package: 'mercadopago',
    verify: (d, c) => {
      require('mercadopago').WebhookSignatureValidator.validate({
        xSignature: d.headers['x-signature'], xRequestId: d.headers['x-request-id'], dataId: new URL(d.url).searchParams.get('data.id'), secret: c.key, toleranceSeconds: 300
      })
    },
    put: (d, mac, c) => { d.headers['x-signature'] = `ts=${seconds(c)},v1=${mac.toString('hex')}` }
  },
  linear: {
    package: '@linear/sdk',
    verify: async (d, c) => new (await import('@linear/sdk/webhooks')).LinearWebhookClient(c.key).verify(d.body, d.headers['linear-signature']),
    put: (d, mac, c) => {
      d.body = Buffer.from(d.text.replace(/("webhookTimestamp":)\d+/, (_, name) => name + millis(c)))
      d.headers['linear-signature'] = mac.toString('hex')
    }
  },
  hygraph: {
    package: '@hygraph/utils',
    verify: (d, c) => require('@hygraph/utils').verifyWebhookSignature({ rawPayload: d.text, signature: d.headers['gcms-signature'], secret: c.key }),
    sign: (d, c) => { d.headers['gcms-signature'] = require('@hygraph/utils').generateWebhookSignature({ rawPayload: d.text, environmentName: 'master', secret: c.key }) }
  },
  sinch: {
    package: '@sinch/sdk-client',
    // By path, since the package exports its whole client only, which asks for files of another package.
    verify: (d, c) => require(path.join(__dirname, '../node_modules/@sinch/sdk-client/dist/utils/authorization.helper')).validateWebhookSignature(c.key, d.headers, d.text),
    put: (d, mac, c) => {
      d.headers['x-sinch-webhook-signature-timestamp'] = seconds(c)
      d.headers['x-sinch-webhook-signature'] = mac.toString('base64')
    }
  },
  vonage: {
    package: '@vonage/jwt',
    verify: (d, c) => {
      const { verifySignature } = require('@vonage/jwt')
      const token = d.headers.authorization.replace(/^Bearer /, '')
      // As the docs say of the claim: hash the body and compare (Signed webhooks, Verify the payload).
      return verifySignature(token, c.key) && claims(token).payload_hash === require('crypto').createHash('sha256').update(d.body).digest('hex')
    },
    sign: (d, c) => {
      const said = { iat: Math.floor(c.at / 1000), exp: Math.floor(c.at / 1000) + 300, jti: 'octo-' + c.at, iss: 'Vonage', api_key: 'octo', payload_hash: require('crypto').createHash('sha256').update(d.body).digest('hex') }
      d.headers.authorization = 'Bearer ' + require('jsonwebtoken').sign(said, c.key)
    }
  },
  livekit: {
    package: 'livekit-server-sdk',
    verify: async (d, c) => { await new (require('livekit-server-sdk').WebhookReceiver)(c.settings.api_key, c.key).receive(d.text, d.headers.authorization) },
    sign: async (d, c) => {
      const { AccessToken } = require('livekit-server-sdk')
      const token = new AccessToken(c.settings.api_key, c.key, { ttl: '5m' })
      token.sha256 = require('crypto').createHash('sha256').update(d.body).digest('base64')
      d.headers.authorization = await token.toJwt()
    }
  },
  zoom: {
    package: '@zoom/rivet',
    verify: async (d, c) => {
      const receiver = new (require('@zoom/rivet/marketplace').AwsLambdaReceiver)({ webhooksSecretToken: c.key })
      receiver.init({ eventEmitter: { async emit () {} } })
      const answer = await receiver.start()({ headers: d.headers, body: d.text, isBase64Encoded: false })
      return answer.statusCode === 200
    },
    put: (d, mac, c) => {
      d.headers['x-zm-request-timestamp'] = seconds(c)
      d.headers['x-zm-signature'] = 'v0=' + mac.toString('hex')
    }
  }
}

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
