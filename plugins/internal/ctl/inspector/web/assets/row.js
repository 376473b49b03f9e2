// One row of the list.
import { html, nothing } from './lit.js';
import { mark } from './parts.js';
import { clock, micros, visible } from './text.js';

export const HEADINGS = ['Time', 'Provider', 'Route', 'Event type', 'Tenant', 'Status', 'Ack', 'Took'];

/** @param {import('./types.js').Row} row */
export function kindOf(row) {
  if (row.state === 'held') return 'warn';
  if (row.state === 'refused') return 'bad';
  return row.code === 'duplicate' || row.code === 'handshake' ? 'note' : 'good';
}

/** Status and code as shape, colour and words. @param {import('./types.js').Row} row */
export function status(row) {
  const words = row.code || row.state;
  return mark(kindOf(row), html`${row.status ? html`<span class="num">${row.status}</span> ` : nothing}${visible(words)}`);
}

/** @param {import('./types.js').Row} row */
export function type(row) {
  return html`${row.type ? visible(row.type) : html`<span class="dim">–</span>`}${row.events > 1 ? html` <span class="tag">${row.events} events</span>` : nothing}`;
}

/**
 * @param {import('./types.js').Row | undefined} row undefined while it is loading
 * @param {number} index @param {boolean} current
 */
export function renderRow(row, index, current) {
  return html`<div class="entry ${row ? row.state : 'waiting'} ${current ? 'current' : ''}" role="row" aria-rowindex=${index + 2} tabindex=${current ? 0 : -1} data-index=${index} data-n=${row?.n ?? nothing} aria-selected=${current ? 'true' : 'false'}>
    <div class="cell time num" role="gridcell">${row ? html`<a href=${`#/d/${row.n}`} tabindex="-1">${clock(row.at)}</a>` : nothing}</div>
    <div class="cell provider" role="gridcell">${row ? visible(row.provider) : nothing}</div>
    <div class="cell route" role="gridcell">${row?.route ? visible(row.route) : nothing}</div>
    <div class="cell type" role="gridcell">${row ? type(row) : nothing}</div>
    <div class="cell tenant" role="gridcell">${row?.tenant ? visible(row.tenant) : nothing}</div>
    <div class="cell status" role="gridcell">${row ? status(row) : nothing}</div>
    <div class="cell ack" role="gridcell">${row?.ack ? visible(row.ack) : nothing}</div>
    <div class="cell took num" role="gridcell">${row?.took_us ? micros(row.took_us) : nothing}</div>
  </div>`;
}
