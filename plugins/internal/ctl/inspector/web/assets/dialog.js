// The one modal dialog of the page.
import { html, nothing, ref } from './lit.js';

/**
 * @typedef {object} Content
 * @property {string} title
 * @property {() => unknown} render
 * @property {() => void} [onClose]
 * @property {boolean} [wide]
 */

/** Dialog shows one content at a time. */
export class Dialog {
  /** @type {Content | null} */ #content = null;
  /** @type {HTMLDialogElement | null} */ #element = null;
  #shown = false; // the element was opened for the content
  #late = 0; // events of dialogs that another one has replaced, which are still to come
  #update;
  #keep = (/** @type {Element | undefined} */ element) => { this.#element = /** @type {HTMLDialogElement} */ (element ?? null); };

  /** @param {() => void} update */
  constructor(update) {
    this.#update = update;
  }

  /** The event that a dialog is closed comes later than it is: keys count before that. */
  get open() {
    return this.#content !== null && (!this.#shown || this.#element?.open === true);
  }

  /** @param {Content} content */
  show(content) {
    const before = this.#content;
    if (before && !this.open) this.#late++;
    this.#content = content;
    this.#shown = this.#element?.open === true;
    if (before && before !== content) before.onClose?.();
    this.#update();
  }

  close() {
    if (this.#element?.open) this.#element.close(); // which calls closed, and gives the focus back
    else this.#closed();
  }

  #closed() {
    const content = this.#content;
    this.#content = null;
    this.#shown = false;
    content?.onClose?.();
    this.#update();
  }

  render() {
    const content = this.#content;
    return html`<dialog class="dialog ${content?.wide ? 'wide' : ''}" aria-labelledby="dialog-title" ${ref(this.#keep)}
      @close=${() => { if (this.#late > 0) this.#late--; else this.#closed(); }} @click=${(/** @type {MouseEvent} */ event) => { if (event.target === this.#element) this.close(); }}>
      ${content ? html`<div class="dialog-inside">
        <header class="dialog-head">
          <h2 id="dialog-title">${content.title}</h2>
          <button type="button" class="button quiet small" aria-label="Close" @click=${() => this.close()}>✕</button>
        </header>
        <div class="dialog-body">${content.render()}</div>
      </div>` : nothing}
    </dialog>`;
  }

  /** To be called after the page was rendered: only an element with content can be modal. */
  rendered() {
    if (!this.#content || !this.#element || this.#element.open) return;
    this.#element.showModal(); // which gives the focus to the button that closes it
    this.#shown = true;
    /** @type {HTMLElement | null} */ (this.#element.querySelector('.dialog-body :is(input, select, textarea, .button)'))?.focus();
  }
}
