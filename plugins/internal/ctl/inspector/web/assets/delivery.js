// One delivery, from the request to what is stored.
import { html, nothing } from './lit.js';
import { get } from './api.js';
import { openAct } from './acts.js';
import { BodyView } from './body.js';
import { decision } from './decision.js';
import { head } from './delivery-head.js';
import { events } from './event.js';
import { beside, leftAt } from './list.js';
import { fault, loading } from './parts.js';
import { kept, proof } from './proof.js';
import { refusal } from './refusal.js';
import { request } from './request.js';
import { spot } from './spots.js';
import { stages } from './stages.js';
import { plain } from './text.js';

const YOUNG = 15_000; // ms in which events of a delivery may still come

const state = {
  n: 0,
  event: 0, // which of its events is shown
  /** @type {any} */ detail: null,
  /** @type {Error | null} */ error: null,
  /** @type {BodyView | null} */ body: null,
  /** @type {BodyView[]} */ data: [],
  /** @type {AbortController | null} */ asked: null,
  again: 0,
};

/** @param {import('./types.js').Page} page */
async function load(page) {
  state.asked?.abort();
  const asked = new AbortController();
  state.asked = asked;
  try {
    const detail = await get(`deliveries/${state.n}`, {}, asked.signal);
    if (asked.signal.aborted) return;
    take(detail);
    state.error = null;
  } catch (error) {
    if (asked.signal.aborted) return;
    state.detail = null;
    state.error = /** @type {Error} */ (error);
  }
  page.update();
}

/** @param {any} detail */
function take(detail) {
  if (JSON.stringify(detail) === JSON.stringify(state.detail)) return; // what is open in the payloads stays open
  const origins = /** @type {any[]} */ (detail.origins ?? []).map((origin, id) => ({ ...origin, id }));
  state.detail = { ...detail };
  state.body = detail.request ? new BodyView(detail.request.body, origins.map(({ start = 0, end = 0, id }) => ({ start, end, id })), 'Body') : null;
  state.data = (detail.stored ?? []).map((/** @type {any} */ stored, /** @type {number} */ n) => new BodyView(
    stored.data ?? { text: '', kind: 'text', size: 0 },
    origins.filter(({ event }) => event === n).map(({ data_start: start = 0, data_end: end = 0, id }) => ({ start, end, id })),
    'Data',
  ));
}

/** @type {import('./types.js').View} */
export const delivery = {
  title: 'Delivery',
  enter(page, params) {
    const n = Number(params.get('id')) || 0;
    if (n !== state.n) Object.assign(state, { n, detail: null, event: 0 });
    state.error = null;
    delivery.title = `Delivery ${n}`;
    load(page);
  },
  leave() {
    state.asked?.abort();
    clearTimeout(state.again);
    state.again = 0;
  },
  tick(page) {
    const age = page.now() - new Date(state.detail?.at ?? 0).getTime();
    if (age > YOUNG || state.again) return;
    state.again = setTimeout(() => { state.again = 0; load(page); }, 1500);
  },
  key(page, event) {
    const { detail } = state;
    const control = /** @type {HTMLElement} */ (event.target).closest('button, a, .code');
    switch (event.key) {
      case 'Escape': case 'u': page.go(leftAt()); break;
      case 'n': case 'j': step(page, 'older'); break;
      case 'p': case 'k': step(page, 'newer'); break;
      case 'r': toggleRaw(page); break;
      case 'a':
        if (!detail?.acts?.includes('again') || control?.matches('.code')) return false;
        openAct(page, { act: 'again', n: state.n }, () => load(page));
        break;
      default: return false;
    }
    return true;
  },
  render(page) {
    const { detail, error } = state;
    if (error) return html`<div class="page">${fault(error, () => load(page))}<p><a href=${leftAt()}>Back to the list</a></p></div>`;
    if (!detail) return html`<div class="page">${loading()}</div>`;
    const several = (detail.stored?.length ?? 0) > 1;
    return html`<div class="page wide delivery" @pointerover=${spot} @pointerleave=${spot} @focusin=${spot} @focusout=${spot}>
      ${head(page, detail, { step: (way) => step(page, way), back: leftAt(), again: () => load(page) })}
      ${detail.refusal ? refusal(page, detail.refusal) : nothing}
      ${detail.kept ? kept(detail.kept) : nothing}
      ${stages(detail)}
      ${several ? choice(page, detail) : nothing}
      <div class="delivery-sides">
        ${request(page, detail, state.body)}
        ${events(page, detail, state.event, state.data[state.event])}
      </div>
      ${proof(detail)}
      ${decision(detail.decisions?.[state.event], detail)}
    </div>`;
  },
};

/** @param {import('./types.js').Page} page @param {any} detail */
function choice(page, detail) {
  const choose = (/** @type {any} */ event) => { state.event = Number(event.target.value); page.update(); };
  return html`<div class="row delivery-choice"><label for="event-choice">${detail.stored.length} events came in this delivery. Shown is</label>
    <select id="event-choice" .value=${String(state.event)} @change=${choose}>${detail.stored.map((/** @type {any} */ stored, /** @type {number} */ n) => html`<option value=${n}>${n + 1}: ${plain(stored.subject)}</option>`)}</select></div>`;
}

/** @param {import('./types.js').Page} page @param {'newer' | 'older'} way */
function step(page, way) {
  const n = beside(state.n)[way];
  const last = page.tick?.last ?? Infinity;
  if (n < 1 || n > last) page.say(way === 'newer' ? 'This is the newest.' : 'This is the oldest.');
  else page.go(`#/d/${n}`, true); // Back goes to the list
}

/** @param {import('./types.js').Page} page */
function toggleRaw(page) {
  const bodies = [state.body, ...state.data];
  const raw = !bodies.some((body) => body?.raw && body !== null);
  for (const body of bodies) body?.show(page, raw);
}
