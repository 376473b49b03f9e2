import { html } from './lit.js';

/** @type {import('./types.js').View} */
export const list = {
  title: 'Deliveries',
  enter() {},
  render: () => html`<div class="page"><div class="head"><h1>Deliveries</h1></div></div>`,
};
