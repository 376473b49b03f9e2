// What stands around every view: header, navigation, theme, toast, help.
import { classMap, html, nothing, svg } from './lit.js';
import { help } from './help.js';
import { fault, loading, mark, notes } from './parts.js';
import { rate } from './text.js';
import { setTheme, theme, THEMES } from './theme.js';
import { list } from './list.js';
import { delivery } from './delivery.js';
import { routing } from './routing.js';
import { health } from './health.js';
import { letters } from './letters.js';

const LINKS = [
  { view: list, hash: '#/', name: 'Deliveries' },
  { view: routing, hash: '#/routing', name: 'Routing' },
  { view: health, hash: '#/health', name: 'Health' },
  { view: letters, hash: '#/letters', name: 'Dead letters' },
];

const ICONS = {
  system: svg`<rect x="2" y="3" width="12" height="8" rx="1.5"/><path d="M6 14h4M8 11v3"/>`,
  light: svg`<circle cx="8" cy="8" r="3"/><path d="M8 1v2m0 10v2M1 8h2m10 0h2M3 3l1.4 1.4m7.2 7.2L13 13M13 3l-1.4 1.4M4.4 11.6 3 13"/>`,
  dark: svg`<path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1z"/>`,
};

/**
 * @param {import('./types.js').Page} page
 * @param {any} state of the page
 * @param {import('./dialog.js').Dialog} dialog
 */
export function shell(page, state, dialog) {
  return html`
    <button type="button" class="skip button" @click=${() => document.getElementById('main')?.focus()}>Skip to the content</button>
    <header class="top">
      <a class="brand" href="#/"><img src="icon.svg" alt="" width="28" height="28"><span>Webhook inspector</span></a>
      ${badge(page)}
      <nav class="nav" aria-label="Views">${LINKS.map((link) => html`<a href=${link.hash} aria-current=${current(state.view, link.view) ? 'page' : nothing}>${link.name}</a>`)}</nav>
      <div class="top-state">${pulse(page, state)}</div>
      ${themes(page)}
      <button type="button" class="button quiet small" aria-label="Help: keys and words" aria-keyshortcuts="?" @click=${() => page.dialog(help())}>?</button>
    </header>
    <main id="main" tabindex="-1">${content(page, state)}</main>
    <div class="toast-place" aria-live="polite">${state.toast && !state.toast.bad ? html`<div class="toast">${state.toast.text}</div>` : nothing}</div>
    <div class="toast-place" aria-live="assertive">${state.toast?.bad ? html`<div class="toast bad">${mark('bad', state.toast.text)}</div>` : nothing}</div>
    ${dialog.render()}`;
}

/** @param {any} shown @param {any} linked */
const current = (shown, linked) => shown === linked || (shown === delivery && linked === list);

/** @param {import('./types.js').Page} page */
function badge(page) {
  if (!page.session) return nothing;
  return html`<span class="badge" title=${page.session.nats}>${page.session.mode}</span>
    ${page.changes ? nothing : html`<span class="badge read-only">read-only</span>`}`;
}

/** @param {import('./types.js').Page} page @param {any} state */
function pulse(page, state) {
  if (!state.online) return mark('bad', 'Inspector away');
  if (!page.tick) return mark('unknown', 'Connecting');
  return html`${page.tick.broker ? mark('good', 'NATS') : mark('bad', 'NATS is away')}
    <span class="top-rate num"><b>${rate(page.tick.per_second)}</b><span class="top-unit"> deliveries</span>/s</span>`;
}

/** @param {import('./types.js').Page} page */
function themes(page) {
  const choice = theme();
  const choose = (/** @type {string} */ next) => { setTheme(next); page.update(); };
  return html`<div class="themes" role="group" aria-label="Theme">${THEMES.map((name) => html`
    <button type="button" class=${classMap({ chosen: name === choice })} aria-pressed=${name === choice} aria-label=${`${name} theme`} title=${`${name} theme`} @click=${() => choose(name)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[/** @type {keyof typeof ICONS} */ (name)]}</svg></button>`)}</div>`;
}

/** @param {import('./types.js').Page} page @param {any} state */
function content(page, state) {
  if (state.failed) return html`<div class="page">${fault(state.failed)}</div>`;
  if (!page.session) return html`<div class="page">${loading()}</div>`;
  return html`${state.view === list ? notes(page.session.notes) : nothing}${state.view.render(page)}`;
}

/**
 * Keys that work in every view.
 * @param {import('./types.js').Page} page @param {KeyboardEvent} event
 */
export function shellKey(page, event) {
  const link = LINKS[Number(event.key) - 1];
  if (link) page.go(link.hash);
  else if (event.key === '?') page.dialog(help());
  else if (event.key === 't') {
    setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
    page.say(`Theme: ${theme()}`);
  } else return false;
  return true;
}
