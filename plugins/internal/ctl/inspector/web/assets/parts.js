// Small parts that all views use.
import { html, nothing, svg } from './lit.js';
import { plain, visible } from './text.js';

/** A shape a kind, so that colour is not alone in telling them apart. */
const SHAPES = {
  good: svg`<circle cx="6" cy="6" r="5"/><path class="inside" d="M3.4 6.2 5.3 8l3.4-3.9"/>`,
  warn: svg`<path d="M6 .8 11.6 11H.4z"/><path class="inside" d="M6 4.2v3.2M6 9v.6"/>`,
  bad: svg`<path d="M3.6.5h4.8l3.1 3.1v4.8l-3.1 3.1H3.6L.5 8.4V3.6z"/><path class="inside" d="m4 4 4 4m0-4L4 8"/>`,
  unknown: svg`<circle class="ring" cx="6" cy="6" r="4.4"/>`,
  note: svg`<rect x="1" y="1" width="10" height="10" rx="2"/><path class="inside" d="M6 5v4M6 2.8v.6"/>`,
};

/**
 * A state as shape, word and colour.
 * @param {'good' | 'warn' | 'bad' | 'unknown' | 'note'} kind
 * @param {unknown} word
 */
export function mark(kind, word) {
  return html`<span class="mark ${kind}"><svg viewBox="0 0 12 12" aria-hidden="true">${SHAPES[kind] ?? SHAPES.unknown}</svg><span>${word}</span></span>`;
}

/**
 * @param {import('./types.js').Page} page
 * @param {string | (() => string)} text
 * @param {string} label names what is copied
 * @param {string} [face] what the button shows
 */
export function copyButton(page, text, label, face = 'Copy') {
  const name = face === 'Copy' ? `Copy ${label}` : `Copy ${face}`; // the face is a part of it, for who says what they see
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'function' ? text() : text);
      page.say(`${label} copied`);
    } catch {
      page.say('The browser does not let this page write to the clipboard.');
    }
  };
  return html`<button type="button" class="button quiet small" aria-label=${plain(name)} @click=${copy}>${face}</button>`;
}

/** @param {string[] | undefined} list */
export const notes = (list) => (list?.length ? html`<ul class="notes">${list.map((text) => html`<li>${visible(text)}</li>`)}</ul>` : nothing);

export const loading = (word = 'Loading') => html`<p class="loading" role="status"><span class="loading-dots" aria-hidden="true"></span>${word}…</p>`;

/** @param {string} title @param {unknown} [text] */
export const empty = (title, text) => html`<div class="empty"><p class="empty-title">${title}</p>${text ? html`<p class="dim">${text}</p>` : nothing}</div>`;

/** @param {Error} error @param {() => void} [retry] */
export const fault = (error, retry) => html`<div class="fault" role="alert">
  ${mark('bad', visible(error.message))}
  ${retry ? html`<button type="button" class="button small" @click=${retry}>Try again</button>` : nothing}
</div>`;

/**
 * The link to the list with filters.
 * @param {Record<string, string | string[]>} filters with the keys of the server's query
 */
export function listHash(filters) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text) params.set(name, text);
  }
  return params.size > 0 ? `#/?${params}` : '#/';
}
