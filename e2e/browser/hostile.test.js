// What strangers choose is shown as text, and no more than text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, fits, github, inBrowser, push, rowOf, site, withPage } from './kit.js';

inBrowser();

const script = '<script>window.ran = true</script><img src=x onerror="window.ran = true"><svg onload="window.ran = true"><a href="javascript:window.ran = true">press</a>';
const turned = 'invoice\u202Egnp.exe\u2066\u200B\u0000\u001B[31m\uFEFF';
const link = 'https://evil.example/steal?x=1';

/** Opens a delivery of it, in the list first. */
async function look(page, payload, options) {
  const { id, status } = await github(payload, options);
  const row = await rowOf(site.local, id, (r) => r.status > 0);
  await page.goto(`${site.local}#/?q=${id}`);
  await page.getByRole('row').nth(1).waitFor();
  await page.goto(`${site.local}#/d/${row.n}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { row, status };
}

const ran = (page) => page.evaluate(() => window.ran === true);

test('HTML, scripts and links are text', async () => {
  await withPage(site.local, {}, async (page) => {
    await look(page, push({ message: script, link, [script]: 1, repository: { full_name: script, owner: { login: 'octo-corp' } } }), { headers: { 'X-Evil': script, 'User-Agent': script } });
    await page.getByRole('main').getByText('window.ran').first().waitFor();
    assert.ok(!await ran(page));
    assert.equal(await page.getByRole('main').locator('img:not([src="icon.svg"]), script, iframe, object, embed').count(), 0);
    assert.equal(await page.locator('a[href^="javascript:"], a[href*="evil.example"]').count(), 0);
  });
});

test('a refused delivery is as harmless as a good one', async () => {
  await withPage(site.local, {}, async (page) => {
    const { status } = await look(page, push({ message: script }), { signature: `sha256=${'2'.repeat(64)}`, event: 'push"><script>window.ran=true</script>' });
    assert.ok(status >= 400);
    await page.getByRole('main').getByText('signature_invalid').first().waitFor();
    assert.ok(!await ran(page));
  });
});

test('what turns the direction of text, and what is invisible, is shown by its number', async () => {
  await withPage(site.local, {}, async (page) => {
    await look(page, push({ file: turned, repository: { full_name: turned, owner: { login: 'octo-corp' } } }));
    for (const point of ['202E', '2066', '200B']) await page.getByRole('main').getByText(new RegExp(`U\\+${point}|\\\\u${point}`, 'i')).first().waitFor();
    const text = await page.locator('body').innerText();
    assert.ok(!/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF\u0000-\u0008\u001B]/.test(text), 'a control character is in the page as it came');
  });
});

test('25 MB are shown by their beginning', { timeout: 60_000 }, async () => {
  await withPage(site.local, {}, async (page) => {
    const body = JSON.stringify(push({ fill: 'x'.repeat(25_000_000) }));
    const begin = Date.now();
    const { row } = await look(page, body);
    await page.getByRole('main').getByText(/23\.8 MiB|25\.0 MB|25,000,\d{3}/).first().waitFor();
    assert.ok(row.status > 0);
    const size = await page.evaluate(() => document.body.innerText.length);
    assert.ok(size < 2_000_000, `the page has ${size} characters`);
    assert.ok(Date.now() - begin < 30_000);
    await fits(page, 'a large body');
  });
});

test('10,000 keys and deep nesting do not stop the page', { timeout: 60_000 }, async () => {
  await withPage(site.local, {}, async (page) => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key-${n}`, n]));
    let deep = {};
    for (let n = 0; n < 400; n++) deep = { deep };
    await page.evaluate(() => {
      window.long = [];
      new PerformanceObserver((list) => window.long.push(...list.getEntries().map((e) => Math.round(e.duration)))).observe({ type: 'longtask' });
    });
    await look(page, push({ keys, deep }));
    await page.getByRole('main').getByText('octo-corp/hello').first().waitFor();
    const { nodes, long } = await page.evaluate(() => ({ nodes: document.querySelectorAll('*').length, long: window.long }));
    assert.ok(nodes < 20_000, `${nodes} elements`);
    // One task may be late on a machine with other work; a page that draws it all at once is late for seconds.
    assert.ok(Math.max(0, ...long) < 400 && long.filter((ms) => ms > 50).length <= 8, `tasks of ${long} ms`);
    await eventually('it answers to keys', async () => { await page.keyboard.press('?'); return page.getByRole('dialog').isVisible(); });
  });
});
