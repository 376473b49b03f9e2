import { html } from './lit.js';

/** @type {import('./types.js').View} */
export const delivery = {
  title: 'Delivery',
  enter() {},
  render: () => html`<div class="page"><div class="head"><h1>Delivery</h1></div></div>`,
};
