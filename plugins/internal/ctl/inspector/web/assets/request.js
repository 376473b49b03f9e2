// The request as it came.
import { html, nothing } from './lit.js';
import { plain, visible } from './text.js';

/** @param {import('./types.js').Page} page @param {any} detail @param {import('./body.js').BodyView | null} body */
export function request(page, detail, body) {
  const { request: came, origins = [] } = detail;
  if (!came) return html`<section class="panel"><h2>Request</h2><p class="dim">${detail.absent || 'Nobody kept the request.'}</p></section>`;
  return html`<section class="panel" aria-labelledby="request-title">
    <header><h2 id="request-title">Request as it came</h2><span class="tag">${came.from === 'quarantine' ? 'as the quarantine has it' : `from the ${came.from}`}</span></header>
    <p class="request-line mono"><b>${visible(came.method)}</b> ${visible(came.url)}</p>
    <div class="scroll"><table class="table headers"><caption class="sr">Headers</caption>
      <thead><tr><th scope="col">Header</th><th scope="col">Value</th></tr></thead>
      <tbody>${came.headers.map((/** @type {any} */ header) => headerRow(header, origins))}</tbody></table></div>
    ${body?.render(page) ?? nothing}
  </section>`;
}

/** @param {any} header @param {any[]} origins */
function headerRow(header, origins) {
  const name = header.name.toLowerCase();
  const ids = origins.flatMap((origin, id) => (origin.header?.toLowerCase() === name ? [id] : []));
  return html`<tr data-origin=${ids.length > 0 ? ids.join(' ') : nothing} tabindex=${ids.length > 0 ? 0 : nothing} aria-label=${ids.length > 0 ? plain(`${header.name}, an origin`) : nothing}>
    <td class="mono headers-name">${visible(header.name)}</td>
    <td class="mono">${visible(header.value)} ${header.masked ? html`<span class="tag">masked</span>` : nothing}${header.signed ? html`<span class="tag good">signed</span>` : nothing}</td>
  </tr>`;
}
