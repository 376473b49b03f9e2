// The page: which view is shown, what the server says, and when to render.
import { render } from './lit.js';
import { get, updates } from './api.js';
import { Dialog } from './dialog.js';
import { followTheme } from './theme.js';
import { shell, shellKey } from './shell.js';
import { list } from './list.js';
import { delivery } from './delivery.js';
import { routing } from './routing.js';
import { health } from './health.js';
import { letters } from './letters.js';

/** @type {Record<string, import('./types.js').View>} */
const VIEWS = { '': list, d: delivery, routing, health, letters };

const state = {
  /** @type {import('./types.js').View} */ view: list,
  /** @type {{ text: string, bad: boolean } | null} */ toast: null,
  /** @type {Error | null} */ failed: null,
  online: true,
  second: Date.now(),
};
let planned = 0;
let gone = 0; // changes of the hash that were followed before their events
let toastEnd = 0;

const dialog = new Dialog(() => page.update());

/** @type {import('./types.js').Page} */
const page = {
  session: null,
  tick: null,
  changes: false,
  update() {
    planned ||= requestAnimationFrame(show);
  },
  go(hash, instead = false) {
    const before = location.hash;
    if (instead) location.replace(hash);
    else location.hash = hash;
    if (location.hash === before) return;
    gone++;
    follow(); // at once: the next key is for the view that is gone to
  },
  say: (text) => toast(text, false),
  fail: (error) => toast(error?.message ?? String(error), true),
  dialog: (content) => dialog.show(content),
  closeDialog: () => dialog.close(),
  now: () => state.second,
};

/** @param {string} text @param {boolean} bad */
function toast(text, bad) {
  state.toast = { text, bad };
  clearTimeout(toastEnd);
  toastEnd = setTimeout(() => { state.toast = null; page.update(); }, bad ? 10_000 : 4000);
  page.update();
}

function show() {
  planned = 0;
  const now = Date.now();
  if (now - state.second >= 1000) state.second = now;
  render(shell(page, state, dialog), /** @type {HTMLElement} */ (document.getElementById('app')));
  dialog.rendered();
  if (page.session) state.view.rendered?.(page);
}

function follow() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [name, id = ''] = path.split('/');
  const params = new URLSearchParams(query);
  if (id) params.set('id', id);
  const next = VIEWS[name] ?? list;
  const other = next !== state.view;
  if (other) {
    state.view.leave?.(page);
    if (dialog.open) dialog.close();
    state.view = next;
    document.getElementById('main')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  next.enter(page, params);
  document.title = `${next.title} · Webhook inspector`;
  page.update();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.open || !page.session) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.key !== 'Escape' && target.closest?.('input, textarea, select, [contenteditable]')) return;
  if (state.view.key?.(page, event) || shellKey(page, event)) event.preventDefault();
}

async function session() {
  try {
    page.session = await get('session');
    page.changes = page.session.changes;
    state.failed = null;
  } catch (error) {
    state.failed = /** @type {Error} */ (error);
    setTimeout(session, 3000);
  }
  page.update();
}

async function start() {
  followTheme();
  page.update();
  await session();
  addEventListener('hashchange', () => {
    if (gone > 0) gone--;
    else follow();
  });
  addEventListener('keydown', key);
  follow();
  updates({
    tick(tick) {
      page.tick = tick;
      if (tick.changed === 'config') session();
      state.view.tick?.(page, tick);
      page.update();
    },
    online(there) {
      if (there && !state.online) session(); // another server may have taken the place
      state.online = there;
      page.update();
    },
  });
  setInterval(() => page.update(), 10_000); // ages go on
}

start();
