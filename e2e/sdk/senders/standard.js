'use strict'
// Senders of Standard Webhooks, each by its own SDK where it has a verifier.
const lower = (d, prefix) => Object.fromEntries(['id', 'timestamp', 'signature'].map((name) => [prefix + name, d.headers[prefix + name]]))

// sign is that of the reference implementation, which these SDKs verify with.
const sign = (prefix, load = () => require('standardwebhooks').Webhook, form = (key) => key) => (d, c) => {
  const Webhook = load()
  const id = d.headers[prefix + 'id']
  d.headers[prefix + 'timestamp'] = String(Math.floor(c.at / 1000))
  d.headers[prefix + 'signature'] = new Webhook(form(c.key)).sign(id, new Date(c.at), d.text)
}

module.exports = {
  'standard-webhooks': {
    package: 'standardwebhooks',
    verify: (d, c) => { new (require('standardwebhooks').Webhook)(c.key).verify(d.body, lower(d, 'webhook-')) },
    sign: sign('webhook-')
  },
  svix: {
    package: 'svix',
    verify: (d, c) => { new (require('svix').Webhook)(c.key).verify(d.text, lower(d, 'svix-')) },
    sign: sign('svix-', () => require('svix').Webhook)
  },
  clerk: {
    package: '@clerk/backend',
    verify: async (d, c) => { await require('@clerk/backend/webhooks').verifyWebhook(new Request(d.url, { method: 'POST', headers: d.headers, body: d.body }), { signingSecret: c.key }) },
    sign: sign('svix-')
  },
  resend: {
    package: 'resend',
    verify: (d, c) => {
      const headers = { id: d.headers['svix-id'], timestamp: d.headers['svix-timestamp'], signature: d.headers['svix-signature'] }
      new (require('resend').Resend)('re_octo').webhooks.verify({ payload: d.text, headers, webhookSecret: c.key })
    },
    sign: sign('svix-')
  },
  openai: {
    package: 'openai',
    verify: (d, c) => new (require('openai'))({ apiKey: 'k' }).webhooks.verifySignature(d.text, d.headers, c.key),
    put: (d, mac, c) => {
      d.headers['webhook-timestamp'] = String(Math.floor(c.at / 1000))
      d.headers['webhook-signature'] = 'v1,' + mac.toString('base64')
    }
  },
  replicate: {
    package: 'replicate',
    verify: (d, c) => require('replicate').validateWebhook({ ...Object.fromEntries(Object.entries(lower(d, 'webhook-')).map(([k, v]) => [k.slice(8), v])), body: d.text, secret: c.key }),
    put: (d, mac, c) => {
      d.headers['webhook-timestamp'] = String(Math.floor(c.at / 1000))
      d.headers['webhook-signature'] = 'v1,' + mac.toString('base64')
    }
  },
  polar: {
    package: '@polar-sh/sdk',
    // It reads the event after it has verified it, and wants it whole.
    verify: (d, c) => {
      const { validateEvent, WebhookVerificationError } = require('@polar-sh/sdk/webhooks')
      try {
        validateEvent(d.text, d.headers, c.key)
      } catch (error) {
        if (error instanceof WebhookVerificationError) throw error
      }
    },
    sign: sign('webhook-', undefined, (key) => Buffer.from(key).toString('base64'))
  }
}
