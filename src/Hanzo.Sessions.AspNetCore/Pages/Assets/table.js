// A table with sortable columns. On a phone its rows are cards, and a select box sorts instead of the header.
import { el, replace, setAttribute } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';

let count = 0;

/** Columns are { label, className, sort, descending }; `sort` makes one sortable, `descending` is its usual direction. */
export function createTable({ caption, className, columns, usual, onSort }) {
  const headers = columns.map((column) => header(column, () => onSort(column.sort, next(column))));
  const body = el('tbody', { role: 'rowgroup' });
  const choice = sortChoice(columns, onSort);
  let current = usual;

  function next(column) {
    return current.sort === column.sort ? opposite(current.order) : direction(column);
  }

  return {
    body,
    element: el('div', { class: `table-box ${className}` }, choice.element,
      el('table', { role: 'table' },
        el('caption', { class: 'hidden' }, caption),
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, headers)),
        body)),
    setSort({ sort, order }) {
      const column = columns.find((it) => it.sort && it.sort === sort);
      current = column ? { sort, order: order || direction(column) } : usual;
      headers.forEach((th, index) => paint(th, columns[index], current));
      choice.set(current);
    },

    /** The placeholder of the table until its first rows arrive. */
    skeleton: (rows) => el('div', { class: `table-box ${className}`, 'aria-hidden': 'true' },
      el('table', { role: 'presentation' }, el('tbody', {}, Array.from({ length: rows }, () => skeletonRow(columns))))),
  };
}

function header(column, onClick) {
  const content = column.sort
    ? el('button', { type: 'button', class: 'sort', onclick: onClick }, column.label, el('span', { class: 'sort-icon' }, icon('upDown')))
    : el('span', { class: column.hideLabel ? 'hidden' : '' }, column.label);
  return el('th', { role: 'columnheader', scope: 'col', class: column.className }, content);
}

function paint(th, column, current) {
  if (!column.sort) {
    return;
  }
  const isCurrent = column.sort === current.sort;
  const ascending = current.order === 'asc';
  setAttribute(th, 'aria-sort', isCurrent ? (ascending ? 'ascending' : 'descending') : null);
  replace(th.querySelector('.sort-icon'), icon(isCurrent ? (ascending ? 'up' : 'down') : 'upDown'));
}

function sortChoice(columns, onSort) {
  const id = `sort-${++count}`;
  const options = columns.filter((column) => column.sort).flatMap((column) => ['asc', 'desc'].map((order) =>
    el('option', { value: `${column.sort} ${order}` }, `${column.label}, ${order === 'asc' ? strings.common.ascending : strings.common.descending}`)));
  const select = el('select', { id, onchange: () => onSort(...select.value.split(' ')) }, options);
  return {
    element: el('div', { class: 'sort-choice field' }, el('label', { for: id }, strings.common.sortBy), select),
    set: ({ sort, order }) => {
      select.value = `${sort} ${order}`;
    },
  };
}

function skeletonRow(columns) {
  return el('tr', { class: 'skeleton' },
    columns.map((column) => el('td', { class: column.className }, el('span', { class: 'bone' }))));
}

function direction(column) {
  return column.descending ? 'desc' : 'asc';
}

function opposite(order) {
  return order === 'asc' ? 'desc' : 'asc';
}

/** A cell; where rows are cards, its label precedes the value. */
export function cell(column, ...children) {
  return el('td', { role: 'cell', class: column.className, 'data-label': column.hideLabel ? null : column.label }, children);
}

/** The cell that names the row. */
export function headCell(column, ...children) {
  return el('th', { role: 'rowheader', scope: 'row', class: column.className, tabindex: '-1' }, children);
}
