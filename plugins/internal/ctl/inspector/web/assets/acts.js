// The dialogs of acts: what is asked for, a preview of it, what it did, and its undo.
import { post } from './api.js';
import { form, initial } from './acts-form.js';
import { outcome, planned } from './acts-plan.js';
import { html, nothing } from './lit.js';
import { fault, loading } from './parts.js';

/** @typedef {import('./types-state.js').Order} Order */
/** @typedef {import('./types-state.js').Plan} Plan */
/** @typedef {import('./types-state.js').Done} Done */

/** @type {Record<string, string>} */
const titles = {
  send: 'Send a signed sample', again: 'Send again', release: 'Release from quarantine', drop: 'Drop from quarantine',
  replay: 'Replay an event', retry: 'Retry a dead letter', discard: 'Discard a dead letter',
};

/** Acts whose outcome nobody gets back say so with the colour of their button. */
const harmful = new Set(['drop', 'discard']);

/** One act from its form to its end. */
class Act {
  /** @type {Plan | null} */ plan = null;
  /** @type {Done | null} */ done = null;
  /** @type {any} */ error = null;
  busy = '';
  undone = false;
  #asked = 0;
  #timer = 0;

  /** @param {import('./types.js').Page} page @param {Order} order @param {(() => void) | undefined} after is called when something has changed */
  constructor(page, order, after) {
    this.page = page;
    this.order = initial(page, order);
    this.after = after;
  }

  open() {
    this.page.dialog({
      title: titles[this.order.act] ?? this.order.act, wide: true, render: () => this.render(), onClose: () => clearInterval(this.#timer),
    });
    if (this.order.act !== 'send') void this.preview(); // its form is complete as it is
  }

  /** The order has changed: what was planned is not what would be done. @param {Partial<Order>} change */
  change(change) {
    this.order = { ...this.order, ...change };
    this.plan = null;
    this.error = null;
    this.#asked++;
    this.page.update();
    if (this.order.act !== 'send' && !('subject' in change)) void this.preview();
  }

  async preview() {
    const asked = ++this.#asked;
    await this.#call('preview', async () => {
      const plan = await post('acts/preview', this.order);
      if (asked === this.#asked) this.plan = plan; // else the order is another one by now
    });
  }

  async run() {
    await this.#call('run', async () => {
      this.done = await post('acts/run', { ...this.order, key: this.plan?.key });
      this.#timer = setInterval(() => this.page.update(), 1000); // for the time that undo has left
      this.after?.();
    });
  }

  async undo() {
    await this.#call('undo', async () => {
      this.done = await post('acts/undo', { key: this.done?.undo });
      this.undone = true;
      this.after?.();
    });
  }

  /** @param {string} what @param {() => Promise<void>} fn */
  async #call(what, fn) {
    this.busy = what;
    this.error = null;
    this.page.update();
    try {
      await fn();
    } catch (error) {
      this.error = error;
      if (what === 'run') this.plan = null; // its key is good for one run
    }
    this.busy = '';
    this.page.update();
  }

  /** Seconds that are left for undoing it. */
  get left() {
    if (!this.done?.undo) return 0;
    return this.done.until ? Math.max(0, Math.ceil((new Date(this.done.until).getTime() - Date.now()) / 1000)) : Infinity;
  }

  #again() {
    this.done = null;
    this.plan = null;
    this.undone = false;
    clearInterval(this.#timer);
    void this.preview();
  }

  /** @param {unknown} more */
  #buttons(more) {
    return html`<div class="dialog-actions"><button type="button" class="button" @click=${() => this.page.closeDialog()}>Close</button>${more}</div>`;
  }

  render() {
    if (this.done) return this.#after(this.done);
    const { plan } = this;
    return html`<form class="acts" @submit=${(/** @type {Event} */ e) => { e.preventDefault(); void (this.plan && !this.plan.denied ? this.run() : this.preview()); }}>
      ${form(this)}
      ${this.error ? fault(this.error) : nothing}
      <div aria-live="polite">${plan ? planned(this.page, plan) : nothing}</div>
      ${this.busy === 'preview' ? loading('Preparing') : nothing}
      ${this.#buttons(plan && !plan.denied
    ? html`<button type="submit" class="button ${harmful.has(this.order.act) ? 'danger' : 'primary'}" ?disabled=${this.busy !== ''}>${this.busy === 'run' ? 'Running…' : 'Run'}</button>`
    : plan ? nothing : html`<button type="submit" class="button primary" ?disabled=${this.busy !== ''}>Preview</button>`)}
    </form>`;
  }

  /** @param {Done} done */
  #after(done) {
    const { left } = this;
    return html`<div class="acts">
      <div aria-live="polite">${outcome(this.page, done)}</div>
      ${this.error ? fault(this.error) : nothing}
      ${this.#buttons(html`
        ${left > 0 ? html`<button type="button" class="button" ?disabled=${this.busy !== ''} @click=${() => this.undo()}>Undo${left === Infinity ? '' : html` <span class="num">(${clockOf(left)})</span>`}</button>` : nothing}
        ${this.order.act === 'send' || this.order.act === 'again' ? html`<button type="button" class="button" @click=${() => this.#again()}>Once more</button>` : nothing}`)}
    </div>`;
  }
}

/** Minutes and seconds. @param {number} s */
const clockOf = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;

/**
 * Opens the dialog of an act.
 * @param {import('./types.js').Page} page
 * @param {Order} order
 * @param {() => void} [after] is called when the act, or its undo, has changed something
 */
export function openAct(page, order, after) {
  new Act(page, order, after).open();
}
