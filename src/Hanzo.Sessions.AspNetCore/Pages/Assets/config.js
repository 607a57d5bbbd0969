// The settings that the server passes to the page, as attributes of the body.
const data = document.body.dataset;

export const config = Object.freeze({
  api: data.api,
  session: data.session,
  user: data.user,
  organization: data.organization,
  title: data.title,
  adminPage: data.adminPage || null,
  accountPage: data.accountPage || null,
  backLink: data.backLink || null,
  backLinkText: data.backLinkText,
  allOrganizations: data.allOrganizations === 'true',
});
