// 100,000 deliveries come while the page is open.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { api, eventually, inBrowser, site, withPage } from './kit.js';

inBrowser();

const deliveries = 100_000;
const MB = 1 << 20;

/** Bytes of the page's heap after its garbage is gone. */
async function heap(debug) {
  await debug.send('HeapProfiler.collectGarbage');
  const { metrics } = await debug.send('Performance.getMetrics');
  return metrics.find((m) => m.name === 'JSHeapUsedSize').value;
}

/** Most bytes that a process of the browser that draws a page takes of the machine's memory for itself. */
async function renderer(browser) {
  const debug = await browser.newBrowserCDPSession();
  const { processInfo } = await debug.send('SystemInfo.getProcessInfo');
  let most = 0;
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
  }
  return most;
}

/** Notes the milliseconds between frames until framesOf is called. */
const watchFrames = (page) => page.evaluate(() => {
  const seen = { frames: [], stop: false };
  window.seen = seen;
  let last = performance.now();
  const frame = (now) => {
    seen.frames.push(now - last);
    last = now;
    if (!seen.stop) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
});

/** What was noted. */
const framesOf = (page) => page.evaluate(() => {
  window.seen.stop = true;
  const sorted = [...window.seen.frames].sort((a, b) => a - b);
  return { count: sorted.length, late: sorted.filter((ms) => ms > 50).length, p99: Math.round(sorted[Math.floor(sorted.length * 0.99)]), worst: Math.round(sorted.at(-1)) };
});

/** Milliseconds of the processor that the longest tasks took on the threads that run pages. */
function tasks(trace) {
  const { traceEvents } = JSON.parse(trace);
  const name = (e) => `${e.pid} ${e.tid}`;
  const pages = new Set(traceEvents.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map(name));
  const all = traceEvents.filter((e) => e.name === 'RunTask' && e.tdur !== undefined && pages.has(name(e))).map((e) => e.tdur / 1000);
  return { count: all.length, longest: all.sort((a, b) => b - a).slice(0, 5).map(Math.round) };
}

test('100,000 deliveries neither fill the memory nor hold a frame up', { timeout: 110_000 }, async (t) => {
  await withPage(site.feed, {}, async (page, { context }) => {
    await page.getByRole('link', { name: 'Deliveries' }).waitFor();
    const debug = await context.newCDPSession(page);
    await debug.send('Performance.enable');
    const before = await heap(debug);
    await watchFrames(page);
    await new Promise((resolve) => { setTimeout(resolve, 2000); });
    const idle = await framesOf(page);

    await context.browser().startTracing(page, { categories: ['-*', 'disabled-by-default-devtools.timeline'] });
    await watchFrames(page);
    const fed = fetch(`${site.control}/feed?count=${deliveries}&second=5000`);
    let ended = false;
    void fed.finally(() => { ended = true; });
    let peak = 0;
    for (let n = 0; !ended; n++) {
      await page.mouse.move(640, 400);
      await page.mouse.wheel(0, n % 8 < 5 ? 900 : -1200);
      if (n % 10 === 0) peak = Math.max(peak, await renderer(context.browser()));
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    assert.equal((await fed).status, 200);
    await eventually('all of them are known', async () => (await api(site.feed, 'deliveries?count=1')).total >= deliveries, 20_000);
    await page.keyboard.press('g');
    await eventually('the page knows them', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > deliveries);
    const busy = await framesOf(page);
    const work = tasks(await context.browser().stopTracing());
    const after = await heap(debug);
    peak = Math.max(peak, await renderer(context.browser()));
    t.diagnostic(`heap ${(before / MB).toFixed(1)} MB before, ${(after / MB).toFixed(1)} MB after; process ${(peak / MB).toFixed(0)} MB at most`);
    t.diagnostic(`frames when idle ${JSON.stringify(idle)}, while they came ${JSON.stringify(busy)}; longest tasks ${work.longest} ms of ${work.count}`);

    assert.ok(peak < 200 * MB, `the page's process takes ${(peak / MB).toFixed(0)} MB`);
    assert.ok(after - before < 20 * MB, `the heap has grown from ${before} to ${after} bytes`);
    assert.ok(busy.count > 100 && work.count > 1000, `only ${busy.count} frames were drawn, in ${work.count} tasks`);
    // Time of the processor, and not of the clock: where other work takes the machine, frames are
    // late that the page did nothing for. No frame is late for the page's own work.
    assert.ok(work.longest[0] <= 50, `tasks of the page took ${work.longest} ms`);
    assert.ok(await page.getByRole('grid').getByRole('row').count() < 200, 'only what is seen is drawn');
  });
});

test('the oldest of them is reached at once', async () => {
  await withPage(site.feed, {}, async (page) => {
    await page.getByRole('grid').getByRole('row').nth(3).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('G');
    const total = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
    await eventually('the last row is there', async () => await page.locator(`[aria-rowindex="${total}"]`).count() > 0);
    await page.goto(`${site.feed}#/?q=feed-77777`);
    await eventually('one of them is found', async () => (await page.getByRole('grid').getAttribute('aria-rowcount')) === '2');
    await page.goto(`${site.feed}#/?state=refused&provider=github`);
    await eventually('filters count', async () => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) > 1000);
  });
});
