// Hover and focus: what came from a place, and the place, are marked together.

let shown = '';

/** Marks what belongs to the element under the pointer or with the focus. @param {Event} event */
export function spot(event) {
  const root = /** @type {HTMLElement} */ (event.currentTarget);
  const from = /** @type {HTMLElement} */ (event.target).closest?.('[data-origin]');
  const ids = event.type === 'pointerleave' || event.type === 'focusout' ? '' : from?.getAttribute('data-origin') ?? '';
  if (ids === shown) return;
  shown = ids;
  for (const element of root.querySelectorAll('.spotted')) element.classList.remove('spotted');
  const found = ids.split(' ').filter(Boolean).flatMap((id) => [...root.querySelectorAll(`[data-origin~="${id}"]`)]);
  for (const element of found) {
    element.classList.add('spotted');
    if (from && element !== from) bring(element);
  }
}

/** Scrolls the box of a payload, and nothing else, to what is marked in it. @param {Element} element */
function bring(element) {
  const box = element.closest('.code');
  if (!box) return;
  const [inner, outer] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
}
