// Calls the library's HTTP API. Every failure becomes an ApiError with a message for the user.
import { config } from './config.js';
import { fillText, visible } from './dom.js';
import { rememberIdentity } from './identity.js';
import { strings } from './strings.js';
import { setServerTime } from './time.js';

const reloadedAt = 'hanzo-sessions-reloaded-at';
const reloadPause = 10_000;
const anotherCaller = 412;

class ApiError extends Error {
  constructor(status, message, parameter = null) {
    super(message);
    this.status = status;
    this.parameter = parameter;
  }
}

/** Loads a list. A passive request does not count as activity of the user: it does not keep the session alive. */
export function get(path, parameters = {}, { passive = false, signal = undefined } = {}) {
  return request('GET', path, parameters, { signal, headers: passive ? { 'X-Hanzo-Passive': '1' } : {} });
}

export function remove(path, parameters = {}) {
  return request('DELETE', path, parameters, { headers: { 'X-Hanzo-Sessions': '1' } });
}

/** Ends a session; null, or how it had ended before. What the server does not find need not have ended: this looks. */
export async function removeIfThere(path) {
  try {
    return await remove(path);
  } catch (error) {
    if (error.status !== 404) {
      throw error;
    }
  }
  return endOf(path);
}

/** How a session ended. An active one, and one that cannot be found, is an error. */
export async function endOf(path) {
  const session = await get(path, {}, { passive: true }).catch((error) => {
    throw error.status === 404 ? new ApiError(404, strings.errors.lost) : error;
  });
  if (session.isActive) {
    throw new ApiError(409, strings.errors.stillActive);
  }
  return session;
}

async function request(method, path, parameters, { headers, signal }) {
  const response = await send(address(path, parameters), {
    method, signal, headers: { Accept: 'application/json', 'X-Hanzo-Caller-Session': config.session, ...headers }, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
  });
  setServerTime(response.headers.get('Date'));
  if (response.status === 401) {
    await reload();
  }
  if (response.status === anotherCaller) {
    rememberIdentity(method !== 'GET');
    await reload();
  }
  if (!response.ok) {
    throw await fault(response);
  }
  return response.status === 204 ? null : response.json().catch(() => unreadable(response.status));
}

/** A proxy between this page and the server has answered instead. */
function unreadable(status) {
  throw new ApiError(status, strings.errors.unreadable);
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, strings.errors.offline);
  }
}

function address(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== ''));
  return `${config.api}${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Reloads the page for the user of today, or for the server to redirect to the sign-in page and back; at most once in ten seconds. */
function reload() {
  const last = Number(sessionStorage.getItem(reloadedAt));
  if (Date.now() - last < reloadPause) {
    return null;
  }
  sessionStorage.setItem(reloadedAt, String(Date.now()));
  location.reload();
  return new Promise(() => {});
}

async function fault(response) {
  const problem = await response.json().catch(() => ({}));
  if (response.status === 503) {
    return new ApiError(503, strings.errors.unavailable);
  }
  if (response.status === anotherCaller) {
    return new ApiError(anotherCaller, strings.errors.anotherCaller);
  }
  const message = problem.detail ? visible(problem.detail) : known(response.status);
  return new ApiError(response.status, message, problem.parameter ?? null);
}

function known(status) {
  return status === 403 ? strings.errors.forbidden : fillText(strings.errors.other, { status: String(status) });
}
