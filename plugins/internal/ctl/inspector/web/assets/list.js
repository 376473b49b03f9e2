// The list of deliveries. Only the rows in sight are in the DOM.
import { html, nothing, css, ref } from './lit.js';
import { openAct } from './acts.js';
import { Filters } from './filters.js';
import { listKey } from './list-keys.js';
import { empty, fault, loading } from './parts.js';
import { HEADINGS, renderRow } from './row.js';
import { Rows } from './rows.js';
import { Scroller } from './scroller.js';
import { count } from './text.js';

const PAUSE_BETWEEN = 250; // ms between two looks for new rows

const state = {
  filters: new Filters(),
  scroller: new Scroller(),
  /** @type {Rows} */ rows: /** @type {any} */ (null),
  /** @type {HTMLElement | null} */ element: null,
  cursor: 0,
  pressed: 0, // number of the row that the pointer went down on: rows may move before the click
  focus: false, // the current row gets the focus after rendering
  entered: false,
  looked: 0,
  planned: 0,
  settling: 0,
  resized: true, // the sizes are to be read again
  repaint: () => {},
};

/** New rows show by themselves: at the top, unless the list is paused or the keyboard is in it. */
const following = () => state.filters.until === 0 && state.scroller.position < 1 && state.cursor <= 0;

/** @param {import('./types.js').Page} page */
function look(page) {
  if (!state.entered || !following() || state.planned) return;
  if ((page.tick?.last ?? 0) <= state.rows.until && state.rows.loaded) return;
  const wait = Math.max(0, state.looked + PAUSE_BETWEEN - Date.now());
  state.planned = setTimeout(async () => {
    state.planned = 0;
    state.looked = Date.now();
    if (state.entered && following() && await state.rows.refresh()) look(page);
  }, wait);
}

/** @param {import('./types.js').Page} page @param {number} index */
export function moveTo(page, index) {
  state.cursor = Math.max(0, Math.min(index, state.rows.matched - 1));
  state.scroller.reveal(state.cursor);
  settle();
  state.focus = true;
  look(page);
  page.update();
}

/** @param {import('./types.js').Page} page */
export function togglePause(page) {
  const paused = state.filters.until !== 0;
  state.filters.until = paused ? 0 : state.rows.until || state.rows.last;
  if (paused) toTop(page);
  state.filters.apply();
}

/** @param {import('./types.js').Page} page */
function toTop(page) {
  state.cursor = 0;
  state.scroller.position = 0;
  settle();
  look(page);
  page.update();
}

function settle() {
  const top = state.scroller.settle();
  if (state.element) state.element.scrollTop = top;
}

/** @param {import('./types.js').Page} page */
function scrolled(page) {
  const element = /** @type {HTMLElement} */ (state.element);
  if (Math.abs(element.scrollTop - state.scroller.top) < 1) return; // our own
  state.scroller.scrolled(element.scrollTop);
  clearTimeout(state.settling);
  state.settling = setTimeout(settle, 160);
  look(page);
  page.update();
}

/** Says the place of the list to the keys. */
export const place = () => ({
  cursor: state.cursor, rows: state.rows, filters: state.filters, focusing: state.focus,
  screen: Math.max(1, Math.floor(state.scroller.viewport / state.scroller.rowHeight) - 1),
});

/** The numbers of the deliveries beside one in the list, 0 for none. @param {number} n */
export function beside(n) {
  const index = state.rows?.find(n) ?? -1;
  if (index < 0 || !state.filters.active) return { newer: n + 1, older: n - 1 };
  return { newer: index > 0 ? state.rows.at(index - 1)?.n ?? 0 : 0, older: state.rows.at(index + 1)?.n ?? 0 };
}

/** The hash of the list as it was left. */
export const leftAt = () => state.filters.hash;

const observer = new ResizeObserver(() => { state.resized = true; state.repaint(); });

/** Reads sizes, which makes the browser lay the page out: once a change, not once a frame. @param {HTMLElement} element */
function measure(element) {
  const probe = /** @type {HTMLElement} */ (element.querySelector('.list-probe'));
  const heading = /** @type {HTMLElement | null} */ (element.querySelector('.heading'));
  state.scroller.rowHeight = Math.round(probe.getBoundingClientRect().height);
  state.scroller.viewport = Math.max(1, element.clientHeight - (heading?.offsetHeight ?? 0));
}

/** @type {import('./types.js').View} */
export const list = {
  title: 'Deliveries',
  enter(page, params) {
    state.repaint = page.update;
    const first = !state.rows;
    state.rows ??= new Rows(page.update);
    const before = state.filters.until;
    const other = state.filters.read(params);
    state.entered = true;
    if (first || other) {
      state.cursor = 0;
      state.scroller.position = 0;
      state.rows.reset(state.filters.query, state.filters.until);
    } else if (before !== state.filters.until && state.filters.until !== 0 && state.filters.until !== state.rows.until) {
      state.rows.reset(state.filters.query, state.filters.until);
    }
    look(page);
  },
  leave() {
    state.entered = false;
    state.filters.open = '';
    state.focus = true; // whoever comes back is where they were
  },
  tick: (page) => look(page),
  key: (page, event) => listKey(page, event),
  render(page) {
    return html`<div class="list" @pointerdown=${(/** @type {Event} */ event) => state.filters.outside(page, event)}>
      <h1 class="sr">Deliveries</h1>
      <div class="list-tools">${state.filters.render(page)}${tools(page)}</div>
      ${state.rows.error && !state.rows.loaded ? fault(state.rows.error, () => state.rows.reset(state.filters.query, state.filters.until)) : table(page)}
    </div>`;
  },
  rendered(page) {
    const { element, scroller } = state;
    if (!element) return;
    if (state.resized) measure(element);
    if (state.rows.matched !== scroller.rows || state.resized) {
      state.resized = false;
      scroller.resize(state.rows.matched, scroller.rowHeight, scroller.viewport);
      page.update();
    }
    state.rows.load(scroller.window.first, scroller.window.end);
    if (state.focus && state.rows.loaded) {
      state.focus = false;
      /** @type {HTMLElement | null} */ (element.querySelector('.entry.current'))?.focus({ preventScroll: true });
    }
  },
};

/** @param {import('./types.js').Page} page */
function tools(page) {
  const paused = state.filters.until !== 0;
  const arrived = Math.max(0, (page.tick?.last ?? 0) - state.rows.until);
  const { matched, total, loaded } = state.rows;
  return html`<div class="list-state">
    <span class="num dim list-count" role="status">${!loaded ? nothing : state.filters.active ? `${count(matched)} of ${count(total)}` : `${count(total)} deliveries`}</span>
    ${!following() && !paused && arrived > 0 && loaded ? html`<button type="button" class="button small list-new" @click=${() => toTop(page)}>↑ ${count(arrived)} new</button>` : nothing}
    <button type="button" class="button list-pause ${paused ? 'paused' : ''}" aria-keyshortcuts="p" @click=${() => togglePause(page)}>
      <span class=${paused ? 'still' : 'live'} aria-hidden="true"></span>${!paused ? 'Pause' : arrived > 0 ? `Resume · ${count(arrived)} new` : 'Resume'}
    </button>
    <button type="button" class="button primary" aria-keyshortcuts="c" @click=${() => openAct(page, { act: 'send' })}>Send a sample</button>
  </div>`;
}

/** @param {import('./types.js').Page} page */
function table(page) {
  const { scroller, rows } = state;
  const { first, end } = scroller.window;
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, n) => first + n);
  return html`<div class="list-scroll" ${ref(keep)} role="grid" aria-label="Deliveries" aria-rowcount=${rows.matched + 1} aria-colcount=${HEADINGS.length}
      @scroll=${() => scrolled(page)} @pointerdown=${press} @click=${(/** @type {MouseEvent} */ event) => click(page, event)}>
    <div class="heading" role="rowgroup"><div class="row-heading" role="row" aria-rowindex="1">${HEADINGS.map((name) => html`<div role="columnheader">${name}</div>`)}</div></div>
    <div class="list-probe" aria-hidden="true"></div>
    <div class="list-space" role="rowgroup" ${css({ height: `${scroller.shown}px` })}>
      <div class="list-layer" role="presentation" ${css({ transform: `translateY(${scroller.place(first)}px)` })}>
        ${indexes.map((index) => renderRow(rows.at(index), index, index === state.cursor))}
      </div>
    </div>
    ${rows.loaded && rows.matched > 0 ? nothing : html`<div role="rowgroup"><div role="row"><div role="gridcell">${rows.loaded ? nothingHere(page) : loading()}</div></div></div>`}
  </div>`;
}

/** @param {import('./types.js').Page} page */
function nothingHere(page) {
  if (state.filters.active) return empty('No delivery matches', html`<button type="button" class="button" @click=${() => state.filters.clear()}>Clear all filters</button>`);
  return empty('No delivery yet', page.session.gateway
    ? html`Deliveries to <code>${page.session.gateway}</code> show here as they come. <button type="button" class="button small" @click=${() => openAct(page, { act: 'send' })}>Send a sample</button>`
    : html`Records of deliveries on <code>${page.session.records}</code> show here as they come.`);
}

/** @param {Element | undefined} element */
function keep(element) {
  if (state.element) observer.unobserve(state.element);
  state.element = /** @type {HTMLElement | null} */ (element ?? null);
  if (!state.element) return;
  state.resized = true;
  observer.observe(state.element);
  requestAnimationFrame(settle);
}

/** @param {Event} event */
const rowOf = (event) => /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest('.entry'));

/** @param {PointerEvent} event */
function press(event) {
  state.pressed = Number(rowOf(event)?.dataset.n) || 0;
}

/** @param {import('./types.js').Page} page @param {MouseEvent} event */
function click(page, event) {
  const row = rowOf(event);
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection())) return;
  event.preventDefault();
  const n = state.pressed || Number(row.dataset.n);
  const index = state.rows.find(n);
  if (index > 0) state.cursor = index;
  if (n) page.go(`#/d/${n}`);
}
