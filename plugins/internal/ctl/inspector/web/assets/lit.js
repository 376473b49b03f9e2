// What the page uses of lit-html, and the one directive of its own.
import { noChange } from './third_party/lit-html-3.3.3/lit-html.js';
import { Directive, directive, PartType } from './third_party/lit-html-3.3.3/directive.js';

export { html, svg, nothing, render } from './third_party/lit-html-3.3.3/lit-html.js';
export { repeat } from './third_party/lit-html-3.3.3/directives/repeat.js';
export { classMap } from './third_party/lit-html-3.3.3/directives/class-map.js';
export { ref, createRef } from './third_party/lit-html-3.3.3/directives/ref.js';
export { live } from './third_party/lit-html-3.3.3/directives/live.js';
export { guard } from './third_party/lit-html-3.3.3/directives/guard.js';

class Properties extends Directive {
  constructor(part) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('css stands in a tag, not in an attribute');
  }

  update(part, [properties]) {
    for (const [name, value] of Object.entries(properties)) part.element.style.setProperty(name, value);
    return noChange;
  }

  render() {
    return noChange;
  }
}

/**
 * Sets CSS properties of an element: `<div ${css({ '--depth': 2 })}>`. The style attribute,
 * which lit's styleMap begins with, is refused by the page's Content-Security-Policy.
 */
export const css = directive(Properties);
