// The head of a delivery: its facts, what can be copied, what can be done.
import { html, nothing } from './lit.js';
import { openAct } from './acts.js';
import { copyButton } from './parts.js';
import { status } from './row.js';
import { ago, clock, micros, visible } from './text.js';

const ACTS = {
  again: ['Send again', 'a'],
  release: ['Release', ''],
  drop: ['Drop', ''],
  replay: ['Replay the event', ''],
};

const COPIES = [['curl', 'curl', 'as curl'], ['send', 'send', 'as webhookctl send'], ['test', 'test', 'as a test case'], ['sample', 'sample', 'as a sample']];

/**
 * @param {import('./types.js').Page} page @param {any} detail
 * @param {{ step: (way: 'newer' | 'older') => void, beside: { newer: number, older: number }, back: string }} places
 */
export function head(page, detail, places) {
  return html`<header class="delivery-head">
    <div class="delivery-line">
      <a class="button quiet small" href=${places.back} aria-keyshortcuts="Escape">← Deliveries</a>
      <span class="delivery-steps">
        <button type="button" class="button small" aria-keyshortcuts="p" @click=${() => places.step('newer')}>↑ Newer</button>
        <button type="button" class="button small" aria-keyshortcuts="n" @click=${() => places.step('older')}>↓ Older</button>
      </span>
    </div>
    <h1>${visible(detail.provider)} ${detail.type ? html`<span class="delivery-type">${visible(detail.type)}</span> ` : nothing}<span class="dim">Delivery ${detail.n}</span></h1>
    ${facts(page, detail)}
    <div class="delivery-line">
      <div class="row">${acts(page, detail)}</div>
      <div class="row delivery-copies" role="group" aria-label="Copy">${copies(page, detail)}</div>
    </div>
  </header>`;
}

/** @param {import('./types.js').Page} page @param {any} detail */
function facts(page, detail) {
  const fact = (/** @type {string} */ name, /** @type {unknown} */ value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<dl class="facts">
    ${fact('Status', status(detail))}
    ${fact('Received', html`<span class="num">${clock(detail.at)}</span> <span class="dim">${ago(detail.at, page.now())}</span>`)}
    ${fact('Provider', visible(detail.provider))}
    ${detail.route ? fact('Route', visible(detail.route)) : nothing}
    ${detail.tenant ? fact('Tenant', visible(detail.tenant)) : nothing}
    ${detail.ack ? fact('Ack', visible(detail.ack)) : nothing}
    ${detail.took_us ? fact('Took', html`<span class="num">${micros(detail.took_us)}</span>`) : nothing}
    ${detail.request?.client || detail.record?.client ? fact('Client', html`<span class="mono">${visible(detail.request?.client || detail.record.client)}</span>`) : nothing}
    ${detail.request_id ? fact('Request id', html`<span class="mono">${visible(detail.request_id)}</span> ${copyButton(page, detail.request_id, 'request id')}`) : nothing}
  </dl>`;
}

/** @param {import('./types.js').Page} page @param {any} detail */
function acts(page, detail) {
  return (detail.acts ?? []).map((/** @type {keyof typeof ACTS} */ act) => {
    const [name, key] = ACTS[act] ?? [act, ''];
    return html`<button type="button" class="button ${act === 'drop' ? 'danger' : act === 'release' ? 'primary' : ''}" aria-keyshortcuts=${key || nothing}
      @click=${() => openAct(page, { act, n: detail.n, ...(act === 'replay' ? { event: 0 } : {}) })}>${name}</button>`;
  });
}

/** @param {import('./types.js').Page} page @param {any} detail */
function copies(page, detail) {
  const there = COPIES.filter(([name]) => detail.copies?.[name]);
  if (there.length === 0) return nothing;
  return html`<span class="dim">Copy</span>${there.map(([name, label, face]) => copyButton(page, detail.copies[name], label, face))}`;
}
