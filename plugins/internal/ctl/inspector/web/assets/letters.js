// Messages that consumers gave up on.
import { openAct } from './acts.js';
import { get } from './api.js';
import { html, nothing, repeat } from './lit.js';
import { empty, fault, loading } from './parts.js';
import { ago, clock, count, visible } from './text.js';

/** @typedef {import('./types-state.js').Letter} Letter */

/** Who gave up. @type {Record<string, string>} */
const causes = { given_up: 'the consumer gave up', max_deliveries: 'no delivery was acknowledged' };

/** Milliseconds between two looks. */
const interval = 10_000;

const state = {
  /** @type {import('./types-state.js').DeadLetters | null} */ box: null,
  /** @type {any} */ error: null,
  timer: 0,
};

/** @param {import('./types.js').Page} page */
async function load(page) {
  try {
    state.box = await get('dead-letters');
    state.error = null;
  } catch (error) {
    state.error = error;
  }
  page.update();
}

/** @param {import('./types.js').Page} page @param {string} act @param {Letter} letter */
const act = (page, act, letter) => () => openAct(page, { act, sequence: letter.sequence }, () => load(page));

/** @param {import('./types.js').Page} page @param {Letter} l */
const row = (page, l) => html`<tr role="row">
  <td role="cell" data-label="Given up"><time datetime=${l.at} title=${clock(l.at)}>${ago(l.at, page.now())}</time></td>
  <th scope="row" role="rowheader" data-label="Consumer">${visible(l.consumer)}</th>
  <td role="cell" data-label="Message"><span class="mono">${visible(l.stream)} ${l.message}</span>${l.subject ? html`<br><span class="mono dim">${visible(l.subject)}</span>` : nothing}</td>
  <td role="cell" data-label="Cause">${causes[l.cause] ?? visible(l.cause)}${l.reason ? html`<br><span class="dim">${visible(l.reason)}</span>` : nothing}</td>
  <td role="cell" data-label="Deliveries" class="num">${count(l.deliveries)}</td>
  <td role="cell" class="letters-acts"><div class="row">
    <button type="button" class="button small" aria-label="Retry letter ${l.sequence} of ${l.consumer}" @click=${act(page, 'retry', l)}>Retry</button>
    <button type="button" class="button small danger" aria-label="Discard letter ${l.sequence} of ${l.consumer}" @click=${act(page, 'discard', l)}>Discard</button>
  </div></td></tr>`;

/** @param {import('./types.js').Page} page @param {import('./types-state.js').DeadLetters} box */
function table(page, box) {
  if (box.absent) return empty('No dead letters', visible(box.absent));
  if (!box.letters?.length) return empty('No dead letters', html`No consumer has given up on a message of late: the stream ${visible(box.stream)} is empty.`);
  return html`<div class="panel letters-panel"><table class="table letters-table" role="table" aria-label="Dead letters">
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Given up</th><th role="columnheader" scope="col">Consumer</th><th role="columnheader" scope="col">Message</th><th role="columnheader" scope="col">Cause</th><th role="columnheader" scope="col" class="num">Deliveries</th><th role="columnheader" scope="col"><span class="sr">Acts</span></th></tr></thead>
    <tbody role="rowgroup">${repeat(box.letters, (l) => l.sequence, (l) => row(page, l))}</tbody></table>
    ${box.more ? html`<p class="dim">There are more than these. <code>webhookctl dlq ls</code> shows all of them.</p>` : nothing}</div>`;
}

/** @type {import('./types.js').View} */
export const letters = {
  title: 'Dead letters',
  enter(page) {
    clearInterval(state.timer);
    state.timer = setInterval(() => { if (!document.hidden) void load(page); }, interval);
    void load(page);
  },
  leave() {
    clearInterval(state.timer);
  },
  render(page) {
    const { box, error } = state;
    return html`<div class="page letters">
      <div class="head"><h1>Dead letters</h1>${box && !box.absent ? html`<span class="dim">${visible(box.stream)}</span>` : nothing}</div>
      <p class="dim">A dead letter is an event that a consumer gave up on. Retry stores its message again for the consumers of its stream.</p>
      ${error ? fault(error, () => load(page)) : nothing}
      ${box ? table(page, box) : error ? nothing : loading('Dead letters')}
    </div>`;
  },
};
