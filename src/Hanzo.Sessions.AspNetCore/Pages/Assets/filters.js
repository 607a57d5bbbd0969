// The filters above the list.
import { el, fill, replace, setAttribute, userText, visible } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';

const text = strings.admin;
const pause = 300;

/** Calls `onChange(changes, typing)` for every change; `typing` for one of a series of key strokes. */
export function createFilters(onChange) {
  let timer = 0;
  const search = field('search', text.search, text.searchHint, { type: 'search', inputmode: 'search' });
  const application = field('application', text.application, text.applicationHint, { list: 'applications' });
  const ip = field('ip', text.ip, text.ipHint, { inputmode: 'text' });
  const fields = { search, application, ip };
  const known = el('datalist', { id: 'applications' });
  const only = el('div', { class: 'only-user' });
  const clear = el('button', { type: 'button', class: 'button quiet-button clear', onclick: () => change({ search: '', application: '', ip: '', user: '', organization: '' }) }, text.clear);
  const element = el('form', { class: 'filters', role: 'search', 'aria-label': text.filters, novalidate: true, onsubmit: submit },
    el('div', { class: 'field with-icon' }, search.label, el('span', { class: 'input-box' }, icon('search'), search.input), search.fault),
    el('div', { class: 'field' }, application.label, application.input, known, application.fault),
    el('div', { class: 'field' }, ip.label, ip.input, ip.fault),
    clear, only);

  search.input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ search: search.input.value }, true), pause);
  });
  application.input.addEventListener('change', () => change({ application: chosenApplication() }));
  ip.input.addEventListener('change', () => change({ ip: ip.input.value.trim() }));

  function submit(event) {
    event.preventDefault();
    change({ search: search.input.value, application: chosenApplication(), ip: ip.input.value.trim() });
  }

  /** A name may begin or end with blanks; those around any other text came from copying it. */
  function chosenApplication() {
    const { value } = application.input;
    return [...known.children].some((option) => option.value === value) ? value : value.trim();
  }

  function change(changes, typing = false) {
    clearTimeout(timer);
    onChange(changes, typing);
  }

  return {
    element,
    set(state) {
      for (const [name, { input, fault }] of Object.entries(fields)) {
        if (input.value !== state[name] && input.value.trim() !== state[name]) {
          input.value = state[name];
        }
        setAttribute(input, 'aria-invalid', null);
        replace(fault);
      }
      replace(only, state.user === '' ? null : onlyUser(state.user));
      clear.classList.toggle('unseen', ['search', 'application', 'ip', 'user'].every((name) => state[name] === ''));
    },

    /** Shows at its field that a value was refused; returns whether there is such a field. */
    showFault({ parameter, message }) {
      const refused = fields[parameter];
      if (refused) {
        setAttribute(refused.input, 'aria-invalid', 'true');
        replace(refused.fault, message);
      }
      return refused !== undefined;
    },

    /** Adds the applications of these items to the suggestions. */
    learn(items) {
      const names = new Set([...known.children].map((option) => option.value));
      for (const { application: name } of items) {
        if (!names.has(name)) {
          names.add(name);
          known.append(el('option', { value: name, label: visible(name) === name ? null : visible(name) }));
        }
      }
    },
  };

  function onlyUser(user) {
    return el('span', { class: 'chip' }, el('span', {}, fill(text.onlyUser, { user: userText(user) })),
      el('button', { type: 'button', class: 'tag-end', 'aria-label': text.removeUserFilter, onclick: () => change({ user: '', organization: '' }) }, icon('close')));
  }
}

function field(name, label, hint, attributes) {
  const id = `filter-${name}`;
  return {
    label: el('label', { for: id }, label),
    input: el('input', {
      id, name, placeholder: hint, maxlength: '256', 'aria-describedby': `${id}-fault`,
      autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', enterkeyhint: 'search', ...attributes,
    }),
    fault: el('p', { class: 'field-fault', id: `${id}-fault`, role: 'alert' }),
  };
}
