// Themes, screen readers, and windows from 360 px to 4K.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { accessible, eventually, fits, github, inBrowser, push, rowOf, site, stripe, withPage } from './kit.js';

inBrowser();

const row = {};

before(async () => {
  row.stored = await rowOf(site.local, (await github(push({ list: [1, 2, { three: null }] }))).id, (r) => r.state === 'stored');
  row.refused = await rowOf(site.local, (await github(push(), { signature: `sha256=${'4'.repeat(64)}` })).id, (r) => r.state === 'refused');
  row.held = await rowOf(site.local, (await stripe({}, 'stripe-held')).id, (r) => r.state === 'held');
});

const views = () => ({
  list: ['#/', (page) => page.getByRole('grid').getByRole('row').nth(2)],
  'list with a filter': ['#/?state=refused', (page) => page.getByRole('grid').getByRole('row').nth(1)],
  'empty list': ['#/?q=nothing-has-this', (page) => page.getByRole('main')],
  delivery: [`#/d/${row.stored.n}`, (page) => page.getByRole('main').getByText('octo-corp/hello')],
  refusal: [`#/d/${row.refused.n}`, (page) => page.getByRole('main').getByText('signature_invalid')],
  'held delivery': [`#/d/${row.held.n}`, (page) => page.getByRole('main').getByText('charge.refunded')],
  'unknown delivery': ['#/d/99999999', (page) => page.getByRole('main').getByRole('alert')],
  routing: ['#/routing', (page) => page.locator('svg.routing-picture, .routing-card')],
  health: ['#/health', (page) => page.locator('.health-area')],
  letters: ['#/letters', (page) => page.getByRole('button', { name: /^Retry letter/ })],
});

const dialogs = {
  help: async (page) => page.keyboard.press('?'),
  send: async (page) => page.keyboard.press('c'),
};

for (const colorScheme of ['light', 'dark']) {
  test(`axe-core finds nothing in any view, ${colorScheme}`, { timeout: 90_000 }, async () => {
    // A delivery that nobody knows is a 404, which the browser tells its console.
    const known = Object.entries(views()).filter(([name]) => name !== 'unknown delivery');
    await withPage(site.local, { colorScheme, reducedMotion: 'reduce' }, async (page) => {
      for (const [name, [hash, ready]] of known) {
        await page.goto(site.local + hash);
        await ready(page).first().waitFor();
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
        await accessible(page, `${name}, ${colorScheme}`);
      }
      await page.goto(`${site.local}#/`);
      await page.getByRole('grid').waitFor(); // keys before that are of the view that is left
      for (const [name, openIt] of Object.entries(dialogs)) {
        await openIt(page);
        await page.getByRole('dialog').waitFor();
        await accessible(page, `${name}, ${colorScheme}`);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
      }
    });
  });
}

test('a theme can be chosen, and stays', async () => {
  await withPage(site.local, { colorScheme: 'light' }, async (page) => {
    await page.getByRole('button', { name: /dark theme/i }).click();
    await page.reload();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await page.getByRole('button', { name: /light theme/i }).click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  });
});

for (const [width, height] of [[360, 740], [768, 1024], [1280, 800], [1920, 1080], [3840, 2160]]) {
  test(`every view fits ${width} px`, async () => {
    await withPage(site.local, { viewport: { width, height } }, async (page, { faults }) => {
      for (const [name, [hash, ready]] of Object.entries(views())) {
        await page.goto(site.local + hash);
        await ready(page).first().waitFor();
        await fits(page, `${name} at ${width} px`);
      }
      await page.goto(`${site.local}#/`);
      await page.getByRole('grid').waitFor();
      await page.keyboard.press('c');
      await page.getByRole('dialog').waitFor();
      await fits(page, `the dialog at ${width} px`);
      faults.splice(0, faults.length, ...faults.filter((f) => !f.includes('status of 404'))); // of the unknown delivery
    });
  });
}

test('every control has a name, and is reached by the keyboard', async () => {
  await withPage(site.local, {}, async (page) => {
    for (const [name, [hash, ready]] of Object.entries(views()).filter(([n]) => n !== 'unknown delivery')) {
      await page.goto(site.local + hash);
      await ready(page).first().waitFor();
      for (const role of ['button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio']) {
        await eventually(`${name}: every ${role} has a name`, async () => (await page.getByRole(role, { name: /\S/ }).count()) === (await page.getByRole(role).count()), 3000);
      }
    }
    await page.goto(`${site.local}#/health`);
    await page.reload();
    const reached = new Set();
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute('aria-label')));
    }
    for (const name of ['Deliveries', 'Routing', 'Health', 'Dead letters', 'Look again']) assert.ok(reached.has(name), `${name} is not reached by Tab: ${[...reached]}`);
  });
});
