// The list: columns, filters, search, pause, keyboard.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { acme, api, eventually, fits, github, inBrowser, push, rowOf, site, star, stripe, withPage } from './kit.js';

inBrowser();

const sent = {};

before(async () => {
  for (let n = 0; n < 6; n++) sent.push = (await github(push({ n }))).id;
  sent.forged = (await github(push(), { signature: `sha256=${'0'.repeat(64)}` })).id;
  sent.star = (await github(star(), { event: 'star' })).id;
  sent.stripe = (await stripe()).id;
  sent.held = (await stripe({}, 'stripe-held')).id;
  sent.acme = (await acme()).id;
  await rowOf(site.local, sent.acme, (row) => row.state === 'stored' && row.took_us > 0);
  await rowOf(site.local, sent.held, (row) => row.state === 'held');
});

const rows = (page) => page.getByRole('grid').locator('[role=row][aria-rowindex]').filter({ has: page.getByRole('gridcell') });

/** The texts of the rows that are shown, once there are some. */
async function texts(page, ready = (list) => list.length > 0) {
  let list = [];
  await eventually('the rows are there', async () => {
    list = await rows(page).allInnerTexts();
    return ready(list);
  });
  return list;
}

test('each delivery has a row with its columns', async () => {
  await withPage(site.local, {}, async (page) => {
    const all = await texts(page, (list) => list.length >= 11);
    const heads = await page.getByRole('columnheader').allInnerTexts();
    for (const want of [/time/i, /provider/i, /route/i, /event|type/i, /tenant/i, /status/i, /ack/i, /ms|took|duration/i]) {
      assert.ok(heads.some((h) => want.test(h)), `${want} in ${heads}`);
    }
    assert.ok(all.some((r) => /github/i.test(r) && /push/.test(r) && /acme|octo-corp/.test(r) && /200/.test(r) && /broker/.test(r)), all.join('\n---\n'));
    assert.ok(all.some((r) => /401/.test(r) && /signature_invalid/.test(r)), all.join('\n---\n'));
    const { matched } = await api(site.local, 'deliveries?count=1');
    assert.equal(Number(await page.getByRole('grid').getAttribute('aria-rowcount')), matched + 1, 'aria-rowcount counts the head, too');
    await fits(page, 'the list');
  });
});

test('a link keeps its filters, and filters can be chosen and cleared', async () => {
  await withPage(site.local, { hash: '#/?state=refused' }, async (page) => {
    const refused = await texts(page, (list) => list.length > 0 && list.every((r) => /40\d/.test(r)));
    assert.ok(refused.length >= 2);
    await page.reload();
    assert.equal((await texts(page, (list) => list.length > 0 && list.every((r) => /40\d/.test(r)))).length, refused.length);
    await page.getByRole('grid').getByRole('row').nth(1).focus();
    await page.keyboard.press('x');
    await eventually('all rows are back', async () => (await rows(page).count()) > refused.length);
    await page.goto(`${site.local}#/?provider=acme`);
    await texts(page, (list) => list.length > 0 && list.every((r) => /acme/.test(r)));
  });
});

test('every column of the filters can be chosen by its name', async () => {
  await withPage(site.local, {}, async (page) => {
    await texts(page);
    const choices = [['Provider', 'stripe', 'provider'], ['Route', 'acme', 'route'], ['Event type', 'push', 'type'], ['Tenant', 'acme', 'tenant'], ['State', 'held', 'state'],
      ['Status', '401', 'status'], ['Code', 'policy_denied', 'code'], ['Ack', 'quarantine', 'ack']];
    for (const [name, value, key] of choices) {
      await page.goto(`${site.local}#/`);
      await page.getByRole('search').getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await page.getByRole('checkbox', { name: new RegExp(`^${value}\\b`) }).first().click();
      await page.waitForURL(new RegExp(`${key}=${value}`));
      const { matched } = await api(site.local, `deliveries?${key}=${value}&count=1`);
      assert.ok(matched > 0, `${key}=${value}`);
      await eventually(`the list has what ${key}=${value} picks`, async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) === matched + 1);
      await page.keyboard.press('Escape');
    }
  });
});

test('search finds a request id, and / is its key', async () => {
  await withPage(site.local, {}, async (page) => {
    await texts(page);
    await page.keyboard.press('/');
    assert.ok(await page.getByRole('searchbox').evaluate((el) => el === document.activeElement), '/ goes to the search');
    await page.keyboard.type(sent.acme);
    const found = await texts(page, (list) => list.length === 1);
    assert.match(found[0], /acme/);
    assert.match(page.url(), new RegExp(sent.acme));
    await page.getByRole('searchbox').fill('no such thing');
    await eventually('nothing is found', async () => (await page.getByRole('grid').getAttribute('aria-rowcount')) === '1');
    await page.getByRole('button', { name: 'Clear all filters' }).waitFor();
  });
});

test('new deliveries come by themselves, and pause holds them back', async () => {
  await withPage(site.local, {}, async (page) => {
    const total = async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
    await texts(page);
    const before = await total();
    await acme();
    await eventually('the new one is there', async () => (await total()) === before + 1);
    await page.keyboard.press('p');
    await page.getByRole('button', { name: /resume|go on|continue/i }).waitFor();
    await acme();
    await page.getByText(/1 new/).first().waitFor();
    assert.equal(await total(), before + 1, 'while it is paused');
    await page.keyboard.press('p');
    await eventually('it goes on', async () => (await total()) === before + 2);
  });
});

test('the keyboard alone leads from the list to a delivery, an act, and back', async () => {
  await withPage(site.local, { hash: '#/?provider=github&state=stored' }, async (page) => {
    await texts(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/d\/\d+/);
    const first = page.url();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('n');
    await page.waitForURL((url) => url.href !== first);
    await page.keyboard.press('p');
    await page.waitForURL(first);
    await page.getByRole('button', { name: 'Send again' }).waitFor();
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Send again' }).waitFor();
    await page.getByRole('button', { name: 'Run' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.waitForURL(/#\/\?/);
    assert.match(page.url(), /provider=github/, 'back to the list with its filters');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText(/search/i).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('?'); // right after it was closed
    await page.getByRole('dialog').getByText(/search/i).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('2');
    await page.getByRole('heading', { level: 1, name: 'Routing' }).waitFor();
  });
});
