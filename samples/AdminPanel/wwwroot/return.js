// A page that the browser has kept (Back) is not shown as it was left: its session may have ended since.
addEventListener('pagehide', () => {
  document.body.hidden = true;
});
addEventListener('pageshow', (event) => {
  if (event.persisted) {
    location.reload();
  }
});
