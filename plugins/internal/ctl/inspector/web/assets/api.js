// The requests to the server. All URLs are relative, since the path holds the token.

/** An answer of 4xx or 5xx, or none. Its message is a sentence for the user. */
export class Failure extends Error {
  /** @param {string} message @param {number} status 0 where no answer came */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path below api/
 * @param {Record<string, string | number | string[] | undefined>} [query] what is empty is left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(path, query = {}, signal) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') params.set(name, text);
  }
  const search = params.size > 0 ? `?${params}` : '';
  return call(`api/${path}${search}`, { signal });
}

/**
 * @param {string} path below api/
 * @param {unknown} body
 * @returns {Promise<any>}
 */
export function post(path, body) {
  return call(`api/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

/** @param {string} url @param {RequestInit} options */
async function call(url, options) {
  let answer;
  try {
    answer = await fetch(url, { ...options, credentials: 'omit', redirect: 'error' });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Failure('The inspector does not answer. Is webhookctl still running?', 0);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Failure(body?.error || `The inspector answered ${answer.status}.`, answer.status);
  return body;
}

/**
 * Calls back for each tick of the server, and when the connection goes and comes. The
 * browser connects again by itself.
 * @param {{ tick: (tick: any) => void, online: (there: boolean) => void }} on
 */
export function updates(on) {
  const source = new EventSource('api/updates');
  source.addEventListener('tick', (event) => on.tick(JSON.parse(event.data)));
  source.addEventListener('open', () => on.online(true));
  source.addEventListener('error', () => {
    on.online(false);
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => updates(on), 3000); // the server refused, and the browser gives up on that
  });
}
