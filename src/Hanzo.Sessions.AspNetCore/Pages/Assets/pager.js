// Pages of a list: which rows are shown, the total, the size of a page. Rows come and go while a list is read, so its pages
// follow each other by the server's cursors, and a number of a row is shown only where it is known.
import { el, fillText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';
import { beginning } from './url.js';

const text = strings.pager;

/** `standing` counts the rows of the page that have not been ended on it. */
export function createPager(onChange, standing) {
  const range = el('p', { class: 'range', 'aria-live': 'polite' });
  const previous = turn('previous', text.previous, () => onChange({ cursor: page.previousCursor, at: Math.max(0, at - size) }));
  const next = turn('next', text.next, () => onChange({ cursor: page.nextCursor, at: at + standing() }));
  const sizes = el('select', { id: 'page-size', onchange: () => onChange({ size: Number(sizes.value), ...beginning }) },
    [25, 50, 100].map((count) => el('option', { value: String(count) }, String(count))));
  const element = el('nav', { class: 'pager unseen', 'aria-label': text.label },
    range, el('div', { class: 'page-size' }, el('label', { for: 'page-size' }, text.size), sizes), el('div', { class: 'turns' }, previous, next));
  let page = null;
  let at = 0;
  let size = 25;
  return {
    element,

    /** Shows where `list` is; `position` counts the rows before it, null where that is not known. */
    set(state, list, position) {
      element.classList.remove('unseen');
      page = list;
      size = state.size;
      at = position ?? state.at;
      sizes.value = String(size);
      const label = labelOf(list, position);
      if (range.textContent !== label) {
        range.textContent = label;
      }
      turnable(previous, Boolean(list.previousCursor) && position !== 0);
      turnable(next, Boolean(list.nextCursor));
    },
  };
}

function labelOf({ items, total, totalIsExact }, position) {
  const shown = items.length;
  if (shown === 0 || position === null) {
    return fillText(totalIsExact ? text.some : text.someOfMany, { shown, total });
  }
  return fillText(totalIsExact ? text.range : text.rangeOfMany, { from: position + 1, to: position + shown, total });
}

function turn(iconName, label, onClick) {
  return el('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: (event) => event.currentTarget.ariaDisabled !== 'true' && onClick() }, icon(iconName));
}

/** Enables or disables a button, which keeps the focus either way. */
function turnable(button, can) {
  button.ariaDisabled = can ? null : 'true';
}
