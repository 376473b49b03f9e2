import { html } from './lit.js';

/** @type {import('./types.js').View} */
export const routing = {
  title: 'Routing',
  enter() {},
  render: () => html`<div class="page"><div class="head"><h1>Routing</h1></div></div>`,
};
