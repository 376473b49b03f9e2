// The way of deliveries from routes to consumers, as a picture, as tables, and as cards where
// the page is narrow.
import { get } from './api.js';
import { html, nothing, ref, svg } from './lit.js';
import { empty, fault, listHash, loading, notes } from './parts.js';
import { layout } from './routing-layout.js';
import { cards, tables } from './routing-table.js';
import { clip, rate } from './routing-text.js';
import { bytes, count, plain, sentence } from './text.js';

/** @typedef {import('./types-state.js').Routing} Routing */
/** @typedef {import('./types.js').Page} Page */

/** Milliseconds between two looks at the rates. */
const interval = 5000;

const state = {
  /** @type {Routing | null} */ routing: null,
  /** @type {any} */ error: null,
  width: 0, scale: 1, asTable: false,
  /** @type {Set<string> | null} */ hot: null, // routes of what the pointer or the focus is on
  timer: 0,
  /** @type {ResizeObserver | null} */ observer: null,
};

/** Lists that are empty are null in Go's JSON. @param {any} r @returns {Routing} */
const whole = (r) => ({
  ...r, streams: r.streams ?? [], routes: (r.routes ?? []).map((/** @type {any} */ one) => ({ ...one, calls: one.calls ?? [], stages: one.stages ?? [] })),
});

/** @param {Page} page */
async function load(page) {
  try {
    state.routing = whole(await get('routing'));
    state.error = null;
  } catch (error) {
    state.error = error;
  }
  page.update();
}

/** Width in units of the picture, whose texts grow with the page's. @param {Page} page @param {Element | undefined} el */
function watch(page, el) {
  state.observer?.disconnect();
  if (!el) return;
  state.observer = new ResizeObserver(([entry]) => {
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    if (entry.contentRect.width === state.width && scale === state.scale) return;
    state.width = entry.contentRect.width;
    state.scale = scale;
    page.update();
  });
  state.observer.observe(el);
}

/** @type {WeakMap<Page, (el: Element | undefined) => void>} */
const watchers = new WeakMap();

/** One function a page, so that lit does not take it for another one with each look. @param {Page} page */
function watcher(page) {
  const known = watchers.get(page) ?? ((/** @type {Element | undefined} */ el) => watch(page, el));
  watchers.set(page, known);
  return known;
}

/** @param {Page} page @param {Set<string> | null} routes */
const heat = (page, routes) => () => {
  state.hot = routes;
  page.update();
};

/** @param {Set<string>} routes */
function tone(routes) {
  if (!state.hot || state.hot.size === 0) return '';
  return [...routes].some((r) => state.hot?.has(r)) ? 'hot' : 'cold';
}

/** @param {Routing} routing @param {import('./routing-layout.js').Node} n */
function says(routing, n) {
  const stream = routing.streams.find((s) => s.name === n.key);
  switch (n.kind) {
    case 'route': {
      const r = routing.routes.find((one) => one.name === n.key);
      return { sub: n.sub, name: `Route ${n.key}, ${r?.method} ${sentence(r?.calls ?? [])}, ${rate(r?.rate ?? 0)}` };
    }
    case 'provider':
      return { sub: n.routes.size > 1 ? `${n.routes.size} routes` : '', name: `Provider ${n.key}` };
    case 'subject':
      return { sub: { lost: 'no stream takes it', policy: 'by policy' }[n.tone] ?? '', name: `Subject ${n.key}${n.tone === 'lost' ? ', which no stream takes' : ''}` };
    case 'stream': {
      const kind = { kept: 'quarantine', dead: 'dead letters', other: 'other' }[n.tone] ?? 'events';
      const text = `${count(stream?.messages ?? 0)} · ${bytes(stream?.bytes ?? 0)}`;
      return { sub: text, name: `Stream ${n.key} of ${kind}, ${count(stream?.messages ?? 0)} messages, ${rate(stream?.rate ?? 0)}` };
    }
  }
  const consumer = routing.streams.flatMap((s) => (s.consumers ?? []).filter((c) => `${s.name} ${c.name}` === n.key))[0];
  const lag = consumer?.pending ? `${count(consumer.pending)} behind` : 'up to date';
  const open = consumer?.waiting ? `, ${count(consumer.waiting)} not acknowledged` : '';
  return { sub: lag + (consumer?.redelivered ? ` · ${count(consumer.redelivered)} again` : ''), name: `Consumer ${n.title}, ${lag}${open}` };
}

/** @param {import('./routing-layout.js').Node} n */
function link(n) {
  if (n.hash) return n.hash;
  if (n.tone === 'kept') return listHash({ state: ['held'] });
  return listHash(n.query ?? (n.routes.size > 0 ? { route: [...n.routes], state: ['stored'] } : {}));
}

/** @param {Page} page @param {Routing} routing @param {import('./routing-layout.js').Node} n */
function box(page, routing, n) {
  const { sub, name } = says(routing, n);
  const middle = n.y + n.h / 2;
  // The texts stand beside the link, and not in it: its name says more than they do.
  return svg`<g class="routing-node routing-${n.kind} ${n.tone} ${tone(n.routes)}">
    <title>${plain(name)}</title>
    <a href=${link(n)} aria-label=${plain(name)} @pointerenter=${heat(page, n.routes)} @pointerleave=${heat(page, null)} @focus=${heat(page, n.routes)} @blur=${heat(page, null)}>
      <rect x=${n.x} y=${n.y} width=${n.w} height=${n.h} rx="6"></rect></a>
    <text aria-hidden="true" class="routing-title" x=${n.x + 10} y=${sub ? middle - 3 : middle + 4}>${clip(n.title, n.w, n.kind === 'subject' ? 6.7 : 8.1)}</text>
    ${sub ? svg`<text aria-hidden="true" class="routing-sub" x=${n.x + 10} y=${middle + 13}>${clip(sub, n.w, 6.5)}</text>` : nothing}
  </g>`;
}

/** @param {Page} page @param {import('./routing-layout.js').Cell} c */
function stage(page, c) {
  const routes = new Set([c.route]);
  const refuses = c.refused > 0;
  const rect = svg`<rect x=${c.x + 1} y=${c.y + 1} width=${c.w - 2} height=${c.h - 2} rx="3"></rect>`;
  const below = refuses ? `✕ ${rate(c.refused)}` : clip(c.mode, c.w, 5);
  return svg`<g class="routing-stage ${refuses ? 'refuses' : ''} ${tone(routes)}">
    <title>${c.stage}${c.mode ? `, ${c.mode}` : ''}</title>
    ${refuses ? svg`<a href=${listHash({ route: [c.route], state: ['refused'] })} aria-label="Stage ${c.stage} of ${plain(c.route)} refuses ${rate(c.refused)}"
      @focus=${heat(page, routes)} @blur=${heat(page, null)}>${rect}</a>` : rect}
    <text aria-hidden=${refuses ? 'true' : nothing} class="routing-stage-name" x=${c.x + c.w / 2} y=${c.y + (below ? 12 : 17)}>${c.stage}</text>
    ${below ? svg`<text aria-hidden=${refuses ? 'true' : nothing} class=${refuses ? 'routing-refused' : 'routing-mode'} x=${c.x + c.w / 2} y=${c.y + 23}>${below}</text>` : nothing}
  </g>`;
}

/** @param {import('./routing-layout.js').Edge} e */
function line(e) {
  const [a, b] = [e.from, e.to];
  const bend = (b.x - a.x) / 2;
  const empties = e.rate === 0;
  return svg`<g class="routing-edge ${tone(e.routes)} ${e.dashed ? 'late' : ''} ${empties ? 'idle' : ''}">
    <path d="M${a.x} ${a.y} C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x} ${b.y}" stroke-width=${e.width}></path>
    ${e.rate ? svg`<text x=${a.x + bend} y=${(a.y + b.y) / 2 - 4 - e.width / 2}>${rate(e.rate)}</text>` : nothing}</g>`;
}

/** @param {Page} page @param {Routing} routing */
function picture(page, routing) {
  const p = layout(routing, state.width / state.scale);
  return html`<div class="routing-scroll" tabindex=${p.width * state.scale > state.width + 1 ? '0' : nothing} role="group" aria-label="Picture of the routing">
    <svg class="routing-picture" role="group" aria-label="Routes, providers, stages, subjects, streams and consumers"
      width=${p.width * state.scale} height=${p.height * state.scale} viewBox="-1 0 ${p.width + 2} ${p.height}">
      ${p.columns.map((c) => svg`<text class="routing-column" x=${c.x} y="16">${c.title}</text>`)}
      <g aria-hidden="true">${p.edges.map(line)}</g>
      ${p.boxes.map((b) => svg`<rect class="routing-box ${tone(b.routes)}" x=${b.x} y=${b.y} width=${b.w} height=${b.h} rx="6"></rect>`)}
      ${p.nodes.filter((n) => n.kind === 'route' || n.kind === 'provider').map((n) => box(page, routing, n))}
      ${p.cells.map((c) => stage(page, c))}
      ${p.nodes.filter((n) => n.kind !== 'route' && n.kind !== 'provider').map((n) => box(page, routing, n))}
    </svg></div>`;
}

/** @param {Page} page @param {Routing} routing */
function body(page, routing) {
  if (routing.routes.length === 0 && routing.streams.length === 0) return empty('Nothing to draw', 'No route and no stream is known here.');
  if (state.width === 0) return nothing;
  if (state.width < 700) return cards(routing);
  return state.asTable ? tables(routing) : picture(page, routing);
}

/** @param {Page} page @param {boolean} asTable */
const choose = (page, asTable) => () => {
  state.asTable = asTable;
  page.update();
};

/** @type {import('./types.js').View} */
export const routing = {
  title: 'Routing',
  enter(page) {
    clearInterval(state.timer);
    state.timer = setInterval(() => { if (!document.hidden) void load(page); }, interval);
    void load(page);
  },
  leave() {
    clearInterval(state.timer);
    state.hot = null;
  },
  tick(page, tick) {
    if (tick.changed === 'config') void load(page);
  },
  render(page) {
    const { routing: known, error } = state;
    return html`<div class="page wide routing">
      <div class="head"><h1>Routing</h1>
        <div class="row routing-choice" role="group" aria-label="Show as">
          <button class="button small" aria-pressed=${!state.asTable} @click=${choose(page, false)}>Picture</button>
          <button class="button small" aria-pressed=${state.asTable} @click=${choose(page, true)}>Tables</button>
        </div></div>
      ${known ? html`<p class="dim">Rates are those of the last ${Math.round(known.minutes) <= 1 ? 'minute' : `${Math.round(known.minutes)} minutes`}. Choose a box to see its deliveries.</p>` : nothing}
      ${error ? fault(error, () => load(page)) : nothing}
      ${known?.notes?.length ? notes(known.notes) : nothing}
      <div class="routing-room" ${ref(watcher(page))}>${known ? body(page, known) : error ? nothing : loading('routing')}</div>
    </div>`;
  },
};
