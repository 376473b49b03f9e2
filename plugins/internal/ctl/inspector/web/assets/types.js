// Types for the checker; nothing of it runs.

/**
 * @typedef {object} View
 * @property {string} title
 * @property {(page: Page, params: URLSearchParams) => void} enter
 * @property {(page: Page) => void} [leave]
 * @property {(page: Page, tick: Tick) => void} [tick]
 * @property {(page: Page, event: KeyboardEvent) => boolean | void} [key]
 * @property {(page: Page) => unknown} render
 * @property {(page: Page) => void} [rendered] after the DOM has what render returned
 */

/**
 * @typedef {object} Page
 * @property {any} session
 * @property {Tick | null} tick
 * @property {boolean} changes
 * @property {() => void} update
 * @property {(hash: string, instead?: boolean) => void} go instead of the entry that Back leads to, where that is asked for
 * @property {(text: string) => void} say
 * @property {(error: any) => void} fail
 * @property {(content: import('./dialog.js').Content) => void} dialog
 * @property {() => void} closeDialog
 * @property {() => number} now
 */

/**
 * @typedef {object} Tick
 * @property {number} last
 * @property {number} total
 * @property {number} per_second
 * @property {boolean} broker
 * @property {string} [changed]
 */

/**
 * @typedef {object} Row
 * @property {number} n
 * @property {string} at
 * @property {string} kind
 * @property {string} state
 * @property {string} provider
 * @property {string} [route]
 * @property {string} [type]
 * @property {number} events
 * @property {string} [tenant]
 * @property {number} [status]
 * @property {string} [code]
 * @property {string} [ack]
 * @property {number} [took_us]
 * @property {string} [request_id]
 */

export {};
