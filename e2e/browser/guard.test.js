// Nobody without the token gets anything, and the page can go nowhere else.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { eventually, inBrowser, open, site, withPage } from './kit.js';

inBrowser();

/** A request as a stranger could make it, with any Host. */
function ask(url, { method = 'GET', headers = {}, body } = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: pathname + search, method, headers, setHost: !headers.Host }, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; });
      answer.on('end', () => resolve({ status: answer.statusCode, text, headers: answer.headers }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

for (const [mode, url] of [['local', site.local], ['inspect', site.inspect]]) {
  const { origin, pathname } = new URL(url);
  const token = pathname.slice(1, -1);

  test(`${mode}: a stranger without the token gets nothing`, async () => {
    const wrong = [`${origin}/`, `${origin}/index.html`, `${origin}/app.js`, `${origin}/api/session`, `${origin}/${'A'.repeat(43)}/`, `${origin}/${'A'.repeat(43)}/api/session`,
      `${origin}/${token.slice(0, -1)}/api/session`, `${origin}/${token.toLowerCase()}/`, `${origin}/${token}x/api/session`, `${origin}/${token}`, `${origin}//${token}/api/session`, `${origin}/x/../${token.slice(1)}/`];
    for (const each of wrong) {
      const { status, text } = await ask(each);
      if (each === `${origin}/${token}` && status === 404) continue;
      assert.deepEqual([status, text], [404, ''], each);
    }
  });

  test(`${mode}: another name than that of loopback is refused`, async () => {
    const { port } = new URL(url);
    for (const Host of ['evil.example', `evil.example:${port}`, `127.0.0.1.evil.example:${port}`, '127.0.0.1', `127.0.0.1:${+port + 1}`]) {
      const { status, text } = await ask(`${url}api/session`, { headers: { Host } });
      assert.ok(status >= 400 && text.length < 200 && !text.includes('nats'), `${Host}: ${status} ${text}`);
    }
    assert.equal((await ask(`${url}api/session`, { headers: { Host: `localhost:${port}` } })).status, 200);
  });

  test(`${mode}: acts are neither GET, nor of another origin, nor of a form`, async () => {
    const path = `${url}api/acts/preview`;
    const json = { 'Content-Type': 'application/json' };
    const body = '{"act":"send","route":"github"}';
    for (const [what, options] of Object.entries({
      'a GET': { method: 'GET' },
      'a form': { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'act=send' },
      'text': { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body },
      'another origin': { method: 'POST', headers: { ...json, Origin: 'http://evil.example' }, body },
      'no origin at all': { method: 'POST', headers: { ...json, Origin: 'null' }, body },
      'another site': { method: 'POST', headers: { ...json, 'Sec-Fetch-Site': 'cross-site' }, body },
    })) {
      const { status } = await ask(path, options);
      assert.ok(status >= 400 && status < 500, `${what}: ${status}`);
    }
  });

  test(`${mode}: every answer has its rules for the browser`, async () => {
    for (const path of ['', 'app.js', 'api/session', 'api/deliveries/999999999']) {
      const { headers } = await ask(url + path);
      const rules = headers['content-security-policy'] ?? '';
      for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"]) {
        assert.ok(rules.includes(rule), `${path}: ${rule} is not in ${rules}`);
      }
      assert.ok(!rules.includes('unsafe'), rules);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.equal(headers['access-control-allow-origin'], undefined, path);
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin', path);
    }
  });
}

test('a page of another origin can neither read, frame nor send, even with the link', async () => {
  const server = http.createServer((_, answer) => { answer.setHeader('Content-Type', 'text/html'); answer.end('<!doctype html><title>another</title>'); });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const other = await open(site.local);
  try {
    const page = await other.context.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const got = await page.evaluate(async (url) => {
      const tell = (promise) => promise.then((v) => v, (e) => `refused: ${e.name}`);
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
      await new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 3000); });
      let inside = 'nothing';
      try { inside = frame.contentDocument?.title ?? 'nothing'; } catch { inside = 'nothing'; }
      return {
        read: await tell(fetch(`${url}api/session`).then((r) => r.text())),
        blind: await tell(fetch(`${url}api/session`, { mode: 'no-cors' }).then((r) => r.text())),
        send: await tell(fetch(`${url}api/acts/preview`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"act":"send","route":"github"}' }).then((r) => r.text())),
        inside,
      };
    }, site.local);
    assert.deepEqual({ ...got, blind: got.blind === '' ? 'refused: TypeError' : got.blind },
      { read: 'refused: TypeError', blind: 'refused: TypeError', send: 'refused: TypeError', inside: 'nothing' });
  } finally {
    await other.context.close();
    server.close();
  }
});

test('two tabs of one page show the same deliveries', async () => {
  await withPage(site.local, {}, async (page, { context }) => {
    const second = await context.newPage();
    await second.goto(`${site.local}#/health`);
    await page.getByRole('grid').waitFor();
    await second.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
    await second.getByRole('link', { name: 'Deliveries' }).click();
    await second.getByRole('grid').waitFor();
    // A tab behind another draws nothing until it is in front again.
    const rows = async (tab) => {
      await tab.bringToFront();
      await eventually('its rows are there', async () => Number(await tab.getByRole('grid').getAttribute('aria-rowcount')) > 1);
      return tab.getByRole('grid').getAttribute('aria-rowcount');
    };
    await eventually('both show the same', async () => await rows(page) === await rows(second));
  });
});
