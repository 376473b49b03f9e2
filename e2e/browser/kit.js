// What the tests share: the browser, pages that note what they do, and deliveries.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

/** The installation: links of its pages, its gateway and its secrets. */
export const site = JSON.parse(process.env.INSPECTED ?? '{}');

let browser;

/** Starts a browser for the file's tests. */
export function inBrowser() {
  before(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      // Containers have no user namespaces for the sandbox; and the memory of a page is to be known exactly.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
    });
  });
  after(() => browser?.close());
}

/**
 * Opens a page of its own session and watches it: `watched.faults` is what must not happen
 * (a script's error, a dialog, a request elsewhere, a popup, a refusal by the CSP).
 */
export async function open(url, { hash = '#/', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults = [];
  const own = new URL(url).origin;
  page.on('request', (r) => {
    if (!r.url().startsWith('data:') && new URL(r.url()).origin !== own) faults.push(`request to ${r.url()}`);
  });
  page.on('dialog', (d) => { faults.push(`dialog ${d.message()}`); void d.dismiss(); });
  page.on('popup', () => faults.push('popup'));
  page.on('pageerror', (e) => faults.push(`error ${e.stack}`));
  // Chromium asks every new address for its /favicon.ico, which is answered as any stranger is.
  page.on('console', (m) => { if (m.type() === 'error' && m.location().url !== `${own}/favicon.ico`) faults.push(`console ${m.text()} ${m.location().url}`); });
  page.on('framenavigated', (f) => { if (!f.url().startsWith(url)) faults.push(`went to ${f.url()}`); });
  await page.goto(url + hash);
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, [], 'something happened on the page that must not');
  };
  return { page, context, faults, close };
}

/** Runs fn with a page, and holds that nothing forbidden happened on it. */
export async function withPage(url, options, fn) {
  const watched = await open(url, options);
  try {
    await fn(watched.page, watched);
  } catch (error) {
    if (process.env.SHOT_OF_FAILURE) await watched.page.screenshot({ path: process.env.SHOT_OF_FAILURE }).catch(() => {});
    await watched.context.close();
    error.message += `\nfaults: ${JSON.stringify(watched.faults)}`;
    throw error;
  }
  await watched.close();
}

/** JSON of the page's server. */
export async function api(url, path) {
  const answer = await fetch(new URL(`api/${path}`, url));
  assert.equal(answer.status, 200, path);
  return answer.json();
}

/** Posts a body to a path of the gateway. */
export async function post(path, headers, body) {
  const answer = await fetch(site.gateway + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
  return { status: answer.status, id: answer.headers.get('x-kong-request-id'), text: await answer.text() };
}

const mac = (secret, content) => createHmac('sha256', secret).update(content).digest('hex');

/** A delivery of GitHub, signed unless another signature is given. */
export function github(payload, { event = 'push', id = randomUUID(), signature, headers = {} } = {}) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return post('/webhooks/github', {
    'X-GitHub-Event': event, 'X-GitHub-Delivery': id, 'X-Hub-Signature-256': signature ?? `sha256=${mac(site.secrets.github, body)}`, ...headers,
  }, body);
}

const about = { repository: { full_name: 'octo-corp/hello', owner: { login: 'octo-corp' } }, sender: { login: 'octo' } };

/** A push to a repository whose owner the policies know. */
export const push = (more = {}) => ({
  ref: 'refs/heads/main', before: '0'.repeat(40), after: 'a'.repeat(40), commits: [], pusher: { name: 'octo', email: 'octo@example.com' }, ...about, ...more,
});

/** A star, which the policies refuse. */
export const star = () => ({ action: 'created', starred_at: '2026-01-02T03:04:05Z', ...about });

/** A delivery of Stripe, to a route. */
export function stripe(payload, route = 'stripe') {
  const body = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', created: 1700000000, type: 'charge.refunded', account: 'acct_1Other', data: { object: { id: 'ch_1' } }, ...payload });
  const t = Math.floor(Date.now() / 1000);
  return post(route === 'stripe' ? '/webhooks/stripe' : '/webhooks/held', { 'Stripe-Signature': `t=${t},v1=${mac(site.secrets.stripe, `${t}.${body}`)}` }, body);
}

/** A delivery of the sender that is in no catalogue. */
export function acme(payload = {}) {
  const body = JSON.stringify({ id: randomUUID(), kind: 'order.paid', account: 'a-1', ...payload });
  return post('/webhooks/acme', { 'Acme-Signature': mac(site.secrets.acme, body) }, body);
}

/** Polls until fn returns something, for so many milliseconds at most. */
export async function eventually(what, fn, most = 15_000) {
  const end = Date.now() + most;
  for (;;) {
    const found = await fn();
    if (found) return found;
    assert.ok(Date.now() < end, `never happened: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** The row of a delivery in a server's list, by its request id. */
export const rowOf = (url, id, ready = () => true) => eventually(`delivery ${id} is listed`, async () => {
  const { rows } = await api(url, `deliveries?q=${encodeURIComponent(id)}&count=5`);
  return rows.find((r) => r.request_id === id && ready(r));
});

/** Fails where axe-core finds something on the page that is not accessible. */
export async function accessible(page, what) {
  // What a debugger evaluates is not stopped by the page's Content-Security-Policy.
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: await axe });
  await debug.detach();
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 4).map((n) => `    ${n.html.slice(0, 200)}\n    ${n.failureSummary}`).join('\n')}`);
  });
  assert.equal(found.length, 0, `${what}:\n${found.join('\n')}`);
}
const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails where the page is wider than its window. */
export async function fits(page, what) {
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= window, `${what} is ${width} px wide in a window of ${window}`);
}
