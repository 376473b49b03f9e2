'use strict'
// Senders whose HMAC covers the body, or parts of it, and no time.
const hex = (header, prefix = '') => (d, mac) => { d.headers[header] = prefix + mac.toString('hex') }
const base64 = (header) => (d, mac) => { d.headers[header] = mac.toString('base64') }
const exists = (value) => { if (value === undefined) throw new Error('no signature'); return value }

const shopify = (key) => {
  require('@shopify/shopify-api/adapters/node')
  return require('@shopify/shopify-api').shopifyApi({
    apiKey: 'octo', apiSecretKey: key, hostName: 'octo.example', apiVersion: '2025-10', isEmbeddedApp: false, logger: { level: 0 }
  })
}

module.exports = {
  github: {
    package: '@octokit/webhooks-methods',
    verify: async (d, c) => (await import('@octokit/webhooks-methods')).verify(c.key, d.text, exists(d.headers['x-hub-signature-256'])),
    sign: async (d, c) => { d.headers['x-hub-signature-256'] = await (await import('@octokit/webhooks-methods')).sign(c.key, d.text) }
  },
  shopify: {
    package: '@shopify/shopify-api',
    verify: async (d, c) => (await shopify(c.key).webhooks.validate({ rawBody: d.text, rawRequest: { method: d.method, url: d.path, headers: d.headers }, rawResponse: {} })).valid,
    put: base64('x-shopify-hmac-sha256')
  },
  line: {
    package: '@line/bot-sdk',
    verify: (d, c) => require('@line/bot-sdk').validateSignature(d.body, c.key, exists(d.headers['x-line-signature'])),
    put: base64('x-line-signature')
  },
  razorpay: {
    package: 'razorpay',
    verify: (d, c) => require('razorpay').validateWebhookSignature(d.text, d.headers['x-razorpay-signature'], c.key),
    put: hex('x-razorpay-signature')
  },
  pusher: {
    package: 'pusher',
    verify: (d, c) => {
      const Pusher = require('pusher')
      return new Pusher({ appId: '1', key: c.settings.app_key, secret: c.key, cluster: 'eu' }).webhook({ headers: d.headers, rawBody: d.text }).isValid()
    },
    sign: (d, c) => {
      const Token = require('pusher/lib/token')
      d.headers['x-pusher-signature'] = new Token(c.settings.app_key, c.key).sign(d.text)
    }
  },
  gocardless: {
    package: 'gocardless-nodejs',
    verify: (d, c) => { require('gocardless-nodejs/webhooks').parse(d.body, c.key, exists(d.headers['webhook-signature'])) },
    put: hex('webhook-signature')
  },
  'coinbase-commerce': {
    package: 'coinbase-commerce-node',
    verify: (d, c) => { require('coinbase-commerce-node').Webhook.verifyEventBody(d.text, exists(d.headers['x-cc-webhook-signature']), c.key) },
    sign: (d, c) => { d.headers['x-cc-webhook-signature'] = require('coinbase-commerce-node').Webhook.computeSignature(d.text, c.key) }
  },
  easypost: {
    package: '@easypost/api',
    verify: (d, c) => {
      const EasyPost = require('@easypost/api')
      new (EasyPost.default || EasyPost)('EZAK').Utils.validateWebhook(d.body, d.headers, c.key)
    },
    put: hex('x-hmac-signature', 'hmac-sha256-hex=')
  },
  onfido: {
    package: '@onfido/api',
    verify: (d, c) => { new (require('@onfido/api').WebhookEventVerifier)(c.key).readPayload(d.body, exists(d.headers['x-sha2-signature'])) },
    put: hex('x-sha2-signature')
  },
  'modern-treasury': {
    package: 'modern-treasury',
    verify: (d, c) => new (require('modern-treasury'))({ apiKey: 'k', organizationID: 'o' }).webhooks.validateSignature(d.text, exists(d.headers['x-signature']), { key: c.key }),
    sign: (d, c) => { d.headers['x-signature'] = new (require('modern-treasury'))({ apiKey: 'k', organizationID: 'o' }).webhooks.getSignature(d.text, { key: c.key }) }
  },
  viber: {
    package: 'viber-bot',
    verify: (d, c) => new (require('viber-bot/lib/message/message-validator'))({ debug () {} }, c.key).validateMessage(d.headers['x-viber-content-signature'], d.text),
    put: hex('x-viber-content-signature')
  },
  notion: {
    package: '@notionhq/client',
    verify: (d, c) => require('@notionhq/client').verifyWebhookSignature({ body: d.text, signature: d.headers['x-notion-signature'], verificationToken: c.key }),
    sign: async (d, c) => { d.headers['x-notion-signature'] = await require('@notionhq/client').signWebhookPayload({ body: d.text, verificationToken: c.key }) }
  },
  adyen: {
    package: '@adyen/api-library',
    verify: (d, c) => {
      const HmacValidator = require('@adyen/api-library').hmacValidator
      return d.json.notificationItems.every((item) => new HmacValidator().validateHMAC(item.NotificationRequestItem, c.key))
    },
    sign: (d, c) => {
      const HmacValidator = require('@adyen/api-library').hmacValidator
      const body = d.json
      for (const { NotificationRequestItem: item } of body.notificationItems) {
        item.additionalData.hmacSignature = new HmacValidator().calculateHmac(item, c.key)
      }
      d.body = Buffer.from(JSON.stringify(body))
    }
  },
  braintree: {
    package: 'braintree',
    verify: async (d, c) => { await gateway(c).webhookNotification.parse(d.form.bt_signature, d.form.bt_payload) },
    sign: async (d, c) => {
      const sample = gateway(c).webhookTesting.sampleNotification(require('braintree').WebhookNotification.Kind.SubscriptionWentPastDue, 'octo17')
      d.body = Buffer.from(new URLSearchParams(await sample).toString())
    }
  },
  'dropbox-sign': {
    package: '@dropbox/sign',
    verify: (d, c) => {
      const { EventCallbackHelper, EventCallbackRequest } = require('@dropbox/sign')
      return EventCallbackHelper.isValid(c.key, EventCallbackRequest.init(JSON.parse(part(d.text))))
    },
    put: (d, mac) => { d.body = Buffer.from(d.text.replace(/("event_hash":")[^"]*/, (_, name) => name + mac.toString('hex'))) }
  }
}

const gateway = (c) => {
  const { BraintreeGateway, Environment } = require('braintree')
  return new BraintreeGateway({ environment: Environment.Sandbox, merchantId: 'octo', publicKey: c.settings.public_key, privateKey: c.key })
}

// part is the only part of a multipart document.
const part = (text) => text.slice(text.indexOf('\r\n\r\n') + 4, text.lastIndexOf('\r\n--'))
