// The state of the admin page, in its address: links to it work, and so do back and forward.
const defaults = Object.freeze({
  view: 'records', search: '', application: '', ip: '', user: '', organization: '', sort: '', order: '', cursor: '', at: 0, size: 25,
});

const views = ['records', 'sessions', 'history'];
const sizes = [25, 50, 100];

/** The beginning of a list: `cursor` is the server's word for any other place in it, `at` how many rows are before that. */
export const beginning = Object.freeze({ cursor: '', at: 0 });

export const filterNames = ['search', 'application', 'ip', 'user', 'organization'];

export function readState() {
  const query = new URLSearchParams(location.search);
  const state = { ...defaults };
  for (const name of Object.keys(defaults)) {
    state[name] = query.get(name) ?? defaults[name];
  }
  // 0.1 called the history a tab.
  state.view = views.find((name) => name === (query.get('view') ?? query.get('tab'))) ?? defaults.view;
  state.order = ['asc', 'desc'].includes(state.order) ? state.order : '';
  state.size = sizes.includes(Number(state.size)) ? Number(state.size) : defaults.size;
  state.at = count(state.at) || (Math.max(1, count(query.get('page'))) - 1) * state.size;
  return state;
}

function count(text) {
  return Math.max(0, Number.parseInt(text, 10) || 0);
}

/** The address of a state: only what differs from the defaults. */
export function addressOf(state) {
  const query = new URLSearchParams(
    Object.entries(state).filter(([name, value]) => String(value) !== String(defaults[name])).map(([name, value]) => [name, String(value)]));
  return location.pathname + (query.size > 0 ? `?${query}` : '');
}

export function writeState(state, { replace = false } = {}) {
  const address = addressOf(state);
  if (replace) {
    history.replaceState(null, '', address);
  } else if (address !== location.pathname + location.search) {
    history.pushState(null, '', address);
  }
}
