// Looks for new data every 30 seconds, but not while a dialog is open or the page is hidden.
import { isDialogOpen } from './dialogs.js';

const every = 30_000;

/** Calls `look` repeatedly; the returned function postpones the next look, after a load by hand, or hastens it: `putOff(0)`. */
export function startRefreshing(look) {
  let last = Date.now();
  let looking = false;
  const tick = async () => {
    if (looking || document.hidden || isDialogOpen() || Date.now() - last < every) {
      return;
    }
    looking = true;
    last = Date.now();
    try {
      await look();
    } finally {
      looking = false;
    }
  };
  setInterval(tick, every / 6);
  document.addEventListener('visibilitychange', tick);
  return (by = every) => {
    last = Date.now() - every + by;
  };
}
