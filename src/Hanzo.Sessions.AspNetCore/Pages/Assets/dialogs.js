// Dialogs: native and modal, so that the browser keeps the focus inside and restores it afterwards.
import { el, replace, setAttribute } from './dom.js';
import { strings } from './strings.js';

let count = 0;

export function isDialogOpen() {
  return document.querySelector('dialog[open]') !== null;
}

/** Opens a dialog and returns it; closing removes it. */
export function openDialog({ heading, body, buttons, className = '' }) {
  const id = `dialog-${++count}`;
  const dialog = el('dialog', { class: `dialog ${className}`, 'aria-labelledby': id },
    el('h2', { id }, heading),
    el('div', { class: 'dialog-body' }, body),
    el('div', { class: 'dialog-buttons' }, buttons));
  dialog.addEventListener('click', (event) => event.target === dialog && isOutside(dialog, event) && !isHeld(dialog) && dialog.close());
  dialog.addEventListener('cancel', (event) => isHeld(dialog) && event.preventDefault());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Keeps a dialog open, or releases it. The attribute is for the browser: Chromium lets no listener prevent a second
 * Escape. The listeners of `openDialog` are for browsers without this attribute, and for the backdrop.
 */
function hold(dialog, held) {
  setAttribute(dialog, 'closedby', held ? 'none' : null);
}

function isHeld(dialog) {
  return dialog.getAttribute('closedby') === 'none';
}

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

export function closeButton(label, attributes = {}) {
  return el('button', { type: 'button', class: 'button', ...attributes, onclick: (event) => event.currentTarget.closest('dialog').close() }, label);
}

/** Shows a message. */
export function tell({ heading, body }) {
  openDialog({ heading, body, buttons: [closeButton(strings.common.close, { autofocus: true })] });
}

/**
 * Asks before something is ended; returns the result of `run`, or null if the user cancels: before it runs or after it
 * has failed, not in between.
 */
export function ask({ heading, body, confirm, run }) {
  return new Promise((resolve) => {
    const fault = el('div', { class: 'dialog-fault', role: 'alert' });
    const yes = el('button', { type: 'button', class: 'button danger' }, confirm);
    const no = closeButton(strings.common.cancel, { autofocus: true });
    const dialog = openDialog({ heading, body: [body, fault], buttons: [no, yes] });
    let answer = null;
    const setBusy = (busy) => {
      hold(dialog, busy);
      no.disabled = busy;
      setAttribute(yes, 'aria-busy', busy ? 'true' : null);
    };
    yes.addEventListener('click', async () => {
      if (isHeld(dialog)) {
        return;
      }
      setBusy(true);
      replace(fault);
      try {
        answer = { value: await run() };
        dialog.close();
      } catch (error) {
        replace(fault, el('p', {}, error.message));
        yes.textContent = strings.common.retry;
      }
      setBusy(false);
    });
    dialog.addEventListener('close', () => resolve(answer));
  });
}
