// Pages of a list: the current range, the total, the size of a page.
import { el, fillText, number } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';

const text = strings.pager;
const farthest = 10_000;

export function createPager(onChange) {
  const range = el('p', { class: 'range', 'aria-live': 'polite' });
  const hint = el('p', { class: 'quiet range-hint' });
  const previous = turn('previous', text.previous, () => onChange({ page: current.page - 1 }));
  const next = turn('next', text.next, () => onChange({ page: current.page + 1 }));
  const size = el('select', { id: 'page-size', onchange: () => onChange({ size: Number(size.value), page: 1 }) },
    [25, 50, 100].map((count) => el('option', { value: String(count) }, String(count))));
  const element = el('nav', { class: 'pager unseen', 'aria-label': text.label },
    range, hint, el('div', { class: 'page-size' }, el('label', { for: 'page-size' }, text.size), size), el('div', { class: 'turns' }, previous, next));
  let current = { page: 1 };
  return {
    element,
    set(state, list) {
      element.classList.remove('unseen');
      current = state;
      size.value = String(state.size);
      const from = list.items.length === 0 ? 0 : list.offset + 1;
      const to = list.offset + list.items.length;
      const total = number(list.total);
      const label = from === 0 ? text.none : fillText(text.range, {
        from: number(from), to: number(to), total: list.totalIsExact ? total : fillText(text.atLeast, { count: total }),
      });
      if (range.textContent !== label) {
        range.textContent = label;
      }
      const hasMore = to < list.total || !list.totalIsExact;
      const reachable = state.page * state.size <= farthest;
      turnable(previous, state.page > 1);
      turnable(next, hasMore && reachable && list.items.length > 0);
      hint.textContent = hasMore && !reachable ? text.tooFar : '';
    },
  };
}

function turn(iconName, label, onClick) {
  return el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: (event) => event.currentTarget.ariaDisabled !== 'true' && onClick() }, icon(iconName));
}

/** Enables or disables a button, which keeps the focus either way. */
function turnable(button, can) {
  button.ariaDisabled = can ? null : 'true';
}
