// One delivery, from the request to the stream, and why one was refused.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { api, eventually, fits, github, inBrowser, push, rowOf, site, star, stripe, withPage } from './kit.js';

inBrowser();

const row = {};

before(async () => {
  const id = 'a0000000-0000-4000-8000-000000000001';
  row.stored = await rowOf(site.local, (await github(push({ pusher: { name: 'octo' } }), { id, headers: { Authorization: 'Bearer hidden-value', 'X-Custom': 'shown' } })).id, (r) => r.state === 'stored');
  row.repeated = await rowOf(site.local, (await github(push({ pusher: { name: 'octo' } }), { id })).id, (r) => r.ack === 'duplicate' || r.code === 'duplicate');
  row.forged = await rowOf(site.local, (await github(push(), { signature: `sha256=${'1'.repeat(64)}` })).id, (r) => r.state === 'refused');
  row.denied = await rowOf(site.local, (await github(star(), { event: 'star' })).id, (r) => r.state === 'refused');
  row.held = await rowOf(site.local, (await stripe({}, 'stripe-held')).id, (r) => r.state === 'held');
});

const main = (page) => page.getByRole('main');

/** The view of a delivery, once all of it is there. */
async function shown(page, r, text) {
  await page.goto(`${site.local}#/d/${r.n}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (text) await main(page).getByText(text).first().waitFor();
  return main(page).innerText();
}

test('request and stored event stand side by side, without secrets and signatures', async () => {
  await withPage(site.local, {}, async (page) => {
    const text = await shown(page, row.stored, /octo-corp\/hello/);
    for (const want of [/x-custom/i, /shown/, /x-hub-signature-256/i, /webhooks\.github\.acme\.push/, /WEBHOOKS/, /specversion|dev\.|github\.push/]) assert.match(text, want);
    for (const secret of ['hidden-value', site.secrets.github]) assert.ok(!text.includes(secret), 'a secret is shown');
    assert.ok(!/sha256=[0-9a-f]{64}/.test(text), 'a signature is shown');
    const detail = await (await fetch(new URL(`api/deliveries/${row.stored.n}`, site.local))).text();
    for (const secret of ['hidden-value', site.secrets.github]) assert.ok(!detail.includes(secret), 'a secret is sent to the page');
    const [request, event] = await Promise.all([page.getByRole('heading', { name: /request/i }).first().boundingBox(), page.getByRole('heading', { name: /event/i }).first().boundingBox()]);
    assert.ok(Math.abs(request.y - event.y) < 40 && request.x !== event.x, 'side by side');
    await fits(page, 'the delivery');
  });
});

test('it says what the signature covers, and where each attribute came from', async () => {
  await withPage(site.local, {}, async (page) => {
    const text = await shown(page, row.stored, /unsigned|not signed/i);
    assert.match(text, /body/);
    assert.match(text, /x-github-event/i);
    const detail = await api(site.local, `deliveries/${row.stored.n}`);
    const origin = detail.origins.find((o) => o.end > 0);
    assert.ok(origin, 'an attribute stands in the body');
    const attribute = main(page).locator('tr[data-origin]').filter({ has: page.getByText(origin.attribute, { exact: true }) }).first();
    await attribute.hover();
    await eventually('its place in the body is marked', async () => (await main(page).locator('.code .spotted').count()) > 0);
    await page.mouse.move(2, 2);
    await attribute.focus();
    await eventually('so it is with the keyboard', async () => (await main(page).locator('.code .spotted').count()) > 0);
  });
});

test('each stage has its verdict and time', async () => {
  await withPage(site.local, {}, async (page) => {
    const text = await shown(page, row.stored, /normalize/);
    for (const stage of ['ratelimit', 'verify', 'normalize', 'policy', 'publish']) assert.match(text, new RegExp(stage));
    assert.match(text, /\d\s?(µs|ms)/);
  });
});

test('the decision names its rule, and what the candidate would do', async () => {
  await withPage(site.local, {}, async (page) => {
    const text = await shown(page, row.stored, /candidate/i);
    assert.match(text, /route\.any/);
    assert.match(text, /deploys/);
    assert.match(text, /differ/i);
  });
});

test('a refusal says why, what to change, and where in kong.yml', async () => {
  await withPage(site.local, {}, async (page) => {
    const text = await shown(page, row.forged, /signature_invalid/);
    assert.match(text, /401/);
    assert.match(text, /secret/i);
    assert.match(text, /kong\.yml/);
    assert.ok(!text.includes(site.secrets.github));
    const denied = await shown(page, row.denied, /policy_denied/);
    assert.match(denied, /nobody reads stars/);
  });
});

test('a duplicate leads to the delivery that it repeats', async () => {
  await withPage(site.local, {}, async (page) => {
    await shown(page, row.repeated, /duplicate/i);
    await main(page).locator(`a[href="#/d/${row.stored.n}"]`).first().click();
    await page.waitForURL(new RegExp(`#/d/${row.stored.n}$`));
  });
});

test('curl, test case and sample can be copied', async () => {
  await withPage(site.local, {}, async (page) => {
    await shown(page, row.stored, /octo-corp\/hello/);
    for (const [name, want] of [[/^copy.*curl/i, /^head -c .*\| curl /], [/^copy.*test/i, /test_/], [/^copy.*sample/i, /"ref"/], [/^copy.*send/i, /webhookctl send/]]) {
      await page.bringToFront(); // only a page with the focus writes to the clipboard
      await main(page).getByRole('button', { name }).first().click();
      let copied = '';
      await eventually(`${name} is in the clipboard`, async () => {
        copied = await page.evaluate(() => navigator.clipboard.readText());
        return want.test(copied);
      }, 5000).catch(async (e) => { throw new Error(`${e.message}, but ${copied.slice(0, 80)}; ${await page.locator('.toast').allInnerTexts()}`); });
      assert.ok(!(await page.evaluate(() => navigator.clipboard.readText())).includes(site.secrets.github));
    }
  });
});

test('without the gateway at hand it says why there is no request', async () => {
  await withPage(site.inspect, {}, async (page) => {
    const there = await rowOf(site.inspect, row.stored.request_id);
    await page.goto(`${site.inspect}#/d/${there.n}`);
    await main(page).getByText(/webhooks\.github\.acme\.push/).first().waitFor();
    assert.match(await main(page).innerText(), /neither its headers nor its body as they came/);
  });
});
