// Each act: its preview, its run, its undo; and the read-only page, which runs none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, eventually, github, inBrowser, push, rowOf, site, stripe, withPage } from './kit.js';

inBrowser();

const dialog = (page) => page.getByRole('dialog');

/** Runs what the dialog has planned, and waits for its outcome. */
async function run(page) {
  const before = await api(site.local, 'deliveries?count=1');
  const button = dialog(page).getByRole('button', { name: 'Run' });
  await button.waitFor();
  assert.equal((await api(site.local, 'deliveries?count=1')).last, before.last, 'a preview does nothing');
  await button.click();
  await dialog(page).locator('.acts-done').waitFor();
  assert.equal(await dialog(page).locator('.acts-done h3 .mark.good').count(), 1, await dialog(page).innerText());
}

/** Takes back what was done. */
async function undo(page) {
  await dialog(page).getByRole('button', { name: /^Undo/ }).click();
  await dialog(page).getByRole('button', { name: /^Undo/ }).waitFor({ state: 'hidden' });
  assert.equal(await dialog(page).locator('.acts-done h3 .mark.good').count(), 1, await dialog(page).innerText());
}

/** Closes the dialog. */
async function shut(page) {
  await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  await dialog(page).waitFor({ state: 'hidden' });
}

/** Opens the act of a delivery by its button. */
async function act(page, row, name) {
  if (await dialog(page).isVisible()) await page.keyboard.press('Escape');
  await page.goto(`${site.local}#/d/${row.n}`);
  await page.getByRole('heading', { level: 1, name: new RegExp(`Delivery ${row.n}$`) }).waitFor();
  await page.getByRole('main').getByRole('button', { name }).first().click();
  await dialog(page).waitFor();
}

const stored = async (more = {}) => rowOf(site.local, (await github(push(more))).id, (r) => r.state === 'stored');
const held = async () => rowOf(site.local, (await stripe({}, 'stripe-held')).id, (r) => r.state === 'held');

test('a signed sample is sent, with a mutation or a body of its own', async () => {
  await withPage(site.local, {}, async (page) => {
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('c');
    await dialog(page).getByRole('combobox', { name: /^Route/ }).selectOption('github');
    await dialog(page).getByRole('combobox', { name: /^Sample/ }).selectOption('push');
    await dialog(page).getByRole('button', { name: 'Preview' }).click();
    await dialog(page).getByText('webhookctl send').first().waitFor();
    assert.ok(!(await dialog(page).innerText()).includes(site.secrets.github));
    await run(page);
    await dialog(page).getByText(/200/).first().waitFor();

    await shut(page);
    await page.keyboard.press('c');
    await dialog(page).getByRole('combobox', { name: /^Route/ }).selectOption('github');
    await dialog(page).getByRole('combobox', { name: /^Spoil it/ }).selectOption('forge');
    await dialog(page).getByRole('button', { name: 'Preview' }).click();
    await dialog(page).getByRole('button', { name: 'Run' }).click();
    await dialog(page).locator('.acts-done').getByText(/401/).first().waitFor();

    await shut(page);
    await page.keyboard.press('c');
    await dialog(page).getByRole('combobox', { name: /^Spoil it/ }).selectOption('');
    await dialog(page).getByRole('combobox', { name: /^Sample/ }).selectOption('push');
    await dialog(page).getByText('A body of your own').click();
    await dialog(page).getByLabel(/^Body/).fill(JSON.stringify(push({ mine: 'of my own' })));
    await dialog(page).getByRole('button', { name: 'Preview' }).click();
    await run(page);
    await dialog(page).getByRole('link', { name: 'Show the delivery' }).click();
    await page.getByRole('grid').getByRole('row').nth(1).waitFor();
  });
});

test('a delivery is sent again, as it came and signed anew', async () => {
  const row = await stored({ again: 1 });
  await withPage(site.local, {}, async (page) => {
    await act(page, row, /send.*again/i);
    await run(page);
    await dialog(page).getByText(/duplicate/).first().waitFor();
    await shut(page);
    await act(page, row, /send.*again/i);
    await dialog(page).getByLabel(/signed again/).check();
    await run(page);
  });
});

test('a held delivery is released, and dropped, and that is undone', async () => {
  await withPage(site.local, {}, async (page) => {
    await act(page, await held(), /release/i);
    await dialog(page).getByLabel(/would hold it again/).check();
    await run(page);

    const row = await held();
    await act(page, row, /drop/i);
    await run(page);
    await undo(page);
    await page.goto(`${site.local}#/d/${row.n}`);
    await page.reload();
    await page.getByRole('main').getByRole('button', { name: /release/i }).first().waitFor();
  });
});

test('a stored event is replayed, of which the preview says that it stays', async () => {
  const row = await stored({ replay: 1 });
  await withPage(site.local, {}, async (page) => {
    await act(page, row, /replay/i);
    await dialog(page).getByLabel('Subject').fill('webhooks-audit.again');
    await dialog(page).getByRole('button', { name: 'Preview' }).click();
    await dialog(page).getByText('cannot be taken back').waitFor();
    await run(page);
    assert.equal(await dialog(page).getByRole('button', { name: /^Undo/ }).count(), 0);
  });
});

test('a dead letter is retried, and another discarded, which is undone', async () => {
  await withPage(site.local, { hash: '#/letters' }, async (page) => {
    const count = () => page.getByRole('button', { name: /^Retry letter/ }).count();
    await eventually('letters are there', async () => (await count()) === 3);
    assert.match(await page.getByRole('main').innerText(), /no such customer/);
    await page.getByRole('button', { name: /^Retry letter/ }).first().click();
    await run(page);
    await shut(page);
    await eventually('one letter is gone', async () => (await count()) === 2);
    await page.getByRole('button', { name: /^Discard letter/ }).first().click();
    await run(page);
    await undo(page);
    await shut(page);
    await eventually('it is back', async () => (await count()) === 2);
  });
});

test('the read-only page previews and runs nothing, and neither does its server', async () => {
  const there = await rowOf(site.inspect, (await stored({ readonly: 1 })).request_id);
  await withPage(site.inspect, { hash: '#/letters' }, async (page) => {
    await page.getByText('read-only').first().waitFor();
    await page.getByRole('button', { name: /^Discard letter/ }).first().click();
    await dialog(page).getByText('It cannot be run here.').waitFor();
    assert.equal(await dialog(page).getByRole('button', { name: 'Run' }).count(), 0);
  });
  const { letters } = await api(site.inspect, 'dead-letters');
  const ask = (path, body) => fetch(new URL(`api/acts/${path}`, site.inspect), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  for (const order of [{ act: 'discard', sequence: letters[0].sequence }, { act: 'retry', sequence: letters[0].sequence }, { act: 'replay', n: there.n, event: 0 }]) {
    const plan = await (await ask('preview', order)).json();
    const done = await ask('run', { ...order, key: plan.key ?? 'x' });
    assert.ok(done.status >= 400, `${order.act}: ${done.status} ${await done.text()}`);
  }
  assert.deepEqual((await api(site.inspect, 'dead-letters')).letters, letters, 'nothing was changed');
});
