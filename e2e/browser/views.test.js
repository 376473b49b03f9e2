// Routing and health, and the pictures of the documentation.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { before, test } from 'node:test';
import { api, eventually, fits, github, inBrowser, open, push, rowOf, site, withPage } from './kit.js';

inBrowser();

const row = {};

before(async () => {
  row.stored = await rowOf(site.local, (await github(push())).id, (r) => r.state === 'stored');
  row.refused = await rowOf(site.local, (await github(push(), { signature: `sha256=${'3'.repeat(64)}` })).id, (r) => r.state === 'refused');
});

test('the picture of the routing has every route, stage, subject, stream and consumer', async () => {
  await withPage(site.local, { hash: '#/routing' }, async (page) => {
    const routing = await api(site.local, 'routing');
    const picture = page.locator('svg.routing-picture');
    await picture.waitFor();
    for (const r of routing.routes) {
      await picture.getByRole('link', { name: new RegExp(`^Route ${r.name},`) }).waitFor();
      for (const t of r.targets ?? []) assert.ok(await picture.getByRole('link', { name: new RegExp(`^Subject ${t.subject.replace(/[.*>]/g, '\\$&')}`) }).count() > 0, t.subject);
    }
    for (const s of routing.streams) assert.equal(await picture.getByRole('link', { name: new RegExp(`^Stream ${s.name} `) }).count(), 1, s.name);
    for (const stage of ['verify', 'normalize', 'publish']) assert.ok(await picture.locator('.routing-stage', { hasText: stage }).count() >= routing.routes.length);
    await picture.getByRole('link', { name: /^Stage verify of github refuses/ }).waitFor();
    await fits(page, 'routing');
  });
});

test('a click, or Enter, on the picture filters the list', async () => {
  await withPage(site.local, { hash: '#/routing' }, async (page) => {
    await page.getByRole('link', { name: /^Route github,/ }).click();
    await page.waitForURL(/#\/\?route=github$/);
    await page.getByRole('grid').waitFor();
    await page.goto(`${site.local}#/routing`);
    await page.getByRole('link', { name: /^Stage verify of github/ }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/route=github&state=refused/);
  });
});

test('the routing is there as tables, and as cards where the page is narrow', async () => {
  await withPage(site.local, { hash: '#/routing' }, async (page) => {
    await page.getByRole('button', { name: 'Tables' }).click();
    await page.getByRole('rowheader', { name: 'stripe-held' }).waitFor();
    await page.getByRole('rowheader', { name: 'WEBHOOKS', exact: true }).waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('heading', { name: 'stripe-held' }).waitFor();
    await fits(page, 'routing at 360 px');
  });
});

test('health has every check, the worst first, with what to do', async () => {
  for (const url of [site.local, site.inspect]) {
    await withPage(url, { hash: '#/health' }, async (page) => {
      const { checks } = await api(url, 'health');
      assert.ok(checks.length > 3, `${checks.length} checks`);
      await page.locator('.health-area').first().waitFor();
      const ranks = { bad: 0, warn: 1, unknown: 2, good: 3 };
      const states = await page.locator('.health-area').evaluateAll((areas) => areas.map((a) => a.querySelector('h2 .mark').classList[1]));
      assert.deepEqual(states, [...states].sort((a, b) => ranks[a] - ranks[b]), 'the worst area is the first');
      const text = await page.locator('.health-areas').textContent();
      for (const c of checks.filter((one) => one.do)) assert.ok(text.includes(c.do), c.do);
      await fits(page, 'health');
    });
  }
});

test('pictures for the documentation', { skip: !site.shots && 'make screenshots takes them' }, async () => {
  await mkdir(site.shots, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    const { page, close } = await open(site.local, { colorScheme, viewport: { width: 1200, height: 640 } });
    for (const [name, hash, ready] of [
      ['list', '#/', () => page.getByRole('grid').getByRole('row').nth(3)],
      ['delivery', `#/d/${row.stored.n}`, () => page.getByRole('main').getByText('octo-corp/hello')],
      ['refusal', `#/d/${row.refused.n}`, () => page.getByRole('main').getByText('signature_invalid')],
      ['routing', '#/routing', () => page.locator('svg.routing-picture')],
    ]) {
      await page.goto(site.local + hash);
      await ready().first().waitFor();
      await eventually('fonts and frames are there', () => page.evaluate(() => document.fonts.status === 'loaded'));
      await page.screenshot({ path: `${site.shots}/inspector-${name}-${colorScheme}.png`, animations: 'disabled' });
    }
    await close();
  }
});
