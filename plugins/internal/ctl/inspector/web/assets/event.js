// The event as it is stored, with where each of its attributes came from.
import { html, nothing } from './lit.js';
import { copyButton, mark } from './parts.js';
import { clock, count, visible } from './text.js';

/** @param {import('./types.js').Page} page @param {any} detail @param {number} n @param {import('./body.js').BodyView | undefined} data */
export function events(page, detail, n, data) {
  const stored = detail.stored?.[n];
  const origins = (detail.origins ?? []).map((/** @type {any} */ origin, /** @type {number} */ id) => ({ ...origin, id })).filter((/** @type {any} */ origin) => origin.event === n);
  if (!stored) return html`<section class="panel"><h2>Event</h2><p class="dim">${nothingStored(detail)}</p>${origins.length > 0 ? attributes(origins.map((/** @type {any} */ { attribute, value }) => [attribute, value]), origins) : nothing}</section>`;
  return html`<section class="panel" aria-labelledby="event-title">
    <header><h2 id="event-title">Event as stored</h2>${stored.duplicate ? html`<span class="tag info">duplicate: stored by an earlier delivery</span>` : nothing}</header>
    ${place(page, stored)}
    ${stored.error ? html`<p>${mark('warn', visible(stored.error))}</p>` : nothing}
    ${stored.attributes?.length ? attributes(stored.attributes, origins) : nothing}
    ${stored.error ? nothing : data?.render(page) ?? nothing}
  </section>`;
}

/** @param {any} detail */
function nothingStored(detail) {
  if (detail.state === 'refused') return 'Nothing is stored, since the delivery was refused.';
  if (detail.state === 'held') return 'Nothing is published: the quarantine holds the delivery.';
  return 'No stream has an event of this delivery, or none that is known.';
}

/** @param {import('./types.js').Page} page @param {any} stored */
function place(page, stored) {
  return html`<dl class="facts small">
    <div><dt>Subject</dt><dd><span class="mono">${visible(stored.subject)}</span> ${copyButton(page, stored.subject, 'subject')}</dd></div>
    <div><dt>Stream</dt><dd class="mono">${visible(stored.stream)}</dd></div>
    <div><dt>Sequence</dt><dd class="num">${count(stored.sequence)}</dd></div>
    ${stored.message_id ? html`<div><dt>Message id</dt><dd><span class="mono">${visible(stored.message_id)}</span> ${copyButton(page, stored.message_id, 'message id')}</dd></div>` : nothing}
    <div><dt>Stored</dt><dd class="num">${clock(stored.stored_at)}</dd></div>
    ${stored.deliveries?.length ? html`<div><dt>Other deliveries of it</dt><dd class="row">${stored.deliveries.map((/** @type {number} */ n) => html`<a href=${`#/d/${n}`}>Delivery ${n}</a>`)}</dd></div>` : nothing}
  </dl>`;
}

/** @param {[string, string][]} list @param {any[]} origins */
function attributes(list, origins) {
  return html`<div class="scroll"><table class="table attributes"><caption class="sr">Attributes, and where they came from</caption>
    <thead><tr><th scope="col">Attribute</th><th scope="col">Value</th><th scope="col">Came from</th></tr></thead>
    <tbody>${list.map(([name, value]) => {
      const origin = origins.find(({ attribute }) => attribute === name);
      return html`<tr data-origin=${origin ? origin.id : nothing} tabindex=${origin ? 0 : nothing}>
        <td class="attributes-name">${visible(name)}</td><td class="mono">${visible(value)}</td>
        <td>${origin ? html`<span class="mono dim">${visible(origin.place)}</span> ${signed(origin)}` : nothing}</td></tr>`;
    })}</tbody></table></div>`;
}

/** @param {any} origin */
function signed(origin) {
  if (!/header:|json:|query:|form:|xml:|body|path/.test(origin.place)) return nothing; // the edge made it
  return origin.signed ? html`<span class="tag good">signed</span>` : html`<span class="tag warn">unsigned</span>`;
}
