// What can be chosen for an act.
import { html, live, nothing } from './lit.js';
import { visible } from './text.js';

/** @typedef {import('./types-state.js').Order} Order */
/** @typedef {import('./types-state.js').Sender} Sender */
/** @typedef {{page: import('./types.js').Page, order: Order, change: (change: Partial<Order>) => void}} Asked */

/** What the mutations of a sample do. @type {Record<string, string>} */
const mutations = {
  forge: 'sign with another secret', replay: 'send it twice', age: 'sign a time long ago', truncate: 'cut the body after signing', double: 'send the signature twice',
};

/** What was sent last, which is what most people send next. @type {Partial<Order>} */
let last = {};

/**
 * The order with what its form begins with.
 * @param {import('./types.js').Page} page
 * @param {Order} order
 * @returns {Order}
 */
export function initial(page, order) {
  if (order.act !== 'send') return { ...order };
  /** @type {Sender[]} */
  const senders = page.session?.routes ?? [];
  const route = order.route ?? (senders.some((s) => s.route === last.route) ? last.route : (senders.find((s) => s.signs) ?? senders[0])?.route);
  const events = senders.find((s) => s.route === route)?.events ?? [];
  const sample = order.sample ?? (last.sample && events.includes(last.sample) ? last.sample : events[0]);
  return { ...order, route, sample };
}

/** @param {Event} e */
const value = (e) => /** @type {HTMLInputElement} */ (e.target).value;

/** @param {Event} e */
const checked = (e) => /** @type {HTMLInputElement} */ (e.target).checked;

/** @param {Asked} asked */
function send({ page, order, change }) {
  /** @type {Sender[]} */
  const senders = page.session?.routes ?? [];
  const sender = senders.find((s) => s.route === order.route);
  if (senders.length === 0) return html`<p>No route is known here to which a sample could be sent.</p>`;
  const keep = (/** @type {Partial<Order>} */ more) => {
    last = { route: order.route, sample: order.sample, ...more };
    change(more);
  };
  const choose = (/** @type {string} */ route) => keep({ route, sample: senders.find((s) => s.route === route)?.events?.[0] });
  return html`<div class="acts-fields">
    <label class="field"><span>Route</span><select .value=${live(order.route ?? '')} @change=${(/** @type {Event} */ e) => choose(value(e))}>
      ${senders.map((s) => html`<option value=${s.route} ?selected=${s.route === order.route}>${s.route}${s.route === s.provider ? '' : ` (${s.provider})`}${s.signs ? '' : ', cannot sign'}</option>`)}</select></label>
    <label class="field"><span>Sample</span><select @change=${(/** @type {Event} */ e) => keep({ sample: value(e) })}>
      ${(sender?.events ?? []).map((name) => html`<option value=${name} ?selected=${name === order.sample}>${name}</option>`)}</select></label>
    <label class="field"><span>Spoil it</span><select @change=${(/** @type {Event} */ e) => change({ mutation: value(e) || undefined })}>
      <option value="">no, as the provider sends it</option>
      ${(page.session?.mutations ?? []).map((/** @type {string} */ m) => html`<option value=${m} ?selected=${m === order.mutation}>${m}${mutations[m] ? `: ${mutations[m]}` : ''}</option>`)}</select></label>
    <label class="field"><span>Delivery id</span><input type="text" autocomplete="off" spellcheck="false" placeholder="a new one" .value=${live(order.id ?? '')}
      @input=${(/** @type {Event} */ e) => change({ id: value(e) || undefined })}></label>
  </div>
  <details class="acts-own" ?open=${Boolean(order.body)}><summary>A body of your own</summary>
    <label class="field"><span>Body, instead of the sample's</span><textarea rows="6" spellcheck="false" class="mono" .value=${live(order.body ?? '')}
      @input=${(/** @type {Event} */ e) => change({ body: value(e) || undefined })}></textarea></label></details>
  ${sender?.why ? html`<p class="notes">${visible(sender.why)}</p>` : nothing}`;
}

/** @param {Asked} asked */
const again = ({ order, change }) => html`<fieldset class="acts-choice"><legend>Signature</legend>
  <label><input type="radio" name="resign" .checked=${live(!order.resign)} @change=${() => change({ resign: undefined })}> as it came, which proves that a duplicate is found</label>
  <label><input type="radio" name="resign" .checked=${live(Boolean(order.resign))} @change=${() => change({ resign: true })}> signed again, with the time of now</label></fieldset>`;

/** @param {Asked} asked */
const release = ({ order, change }) => html`<fieldset class="acts-choice"><legend>Policy</legend>
  <label><input type="checkbox" .checked=${live(Boolean(order.approve))} @change=${(/** @type {Event} */ e) => change({ approve: checked(e) || undefined })}> publish it although the policy would hold it again</label></fieldset>`;

/** @param {Asked} asked */
const subject = ({ order, change }) => html`<div class="acts-fields"><label class="field"><span>Subject</span><input type="text" autocomplete="off" spellcheck="false" class="mono"
  placeholder="that of the message" .value=${live(order.subject ?? '')} @input=${(/** @type {Event} */ e) => change({ subject: value(e) || undefined })}></label></div>`;

/** @type {Record<string, (asked: Asked) => unknown>} */
const forms = { send, again, release, replay: subject, retry: subject };

/** The form of an act, nothing where there is nothing to choose. @param {Asked} asked */
export const form = (asked) => forms[asked.order.act]?.({ page: asked.page, order: asked.order, change: (c) => asked.change(c) }) ?? nothing;
