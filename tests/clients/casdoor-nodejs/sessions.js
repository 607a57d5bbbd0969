// Drives the compatible verbs as an existing client does, and prints what came back, a line of JSON each.
// usage: node sessions.js ADDRESS CLIENT-ID CLIENT-SECRET ORGANIZATION USER APPLICATION
import { SDK } from 'casdoor-nodejs-sdk';

const [endpoint, clientId, clientSecret, orgName, name, application] = process.argv.slice(2);
const sdk = new SDK({ endpoint, clientId, clientSecret, orgName, appName: application, certificate: 'not used by the session calls' });
const session = { owner: orgName, name, application, createdTime: '', sessionId: [] };

async function show(call, answer) {
  const { status, data } = await answer;
  console.log(JSON.stringify({ call, http: status, answer: data }));
}

await show('getSessions', sdk.getSessions());
await show('getSession', sdk.getSession(name, application));
await show('addSession', sdk.addSession({ ...session }));
await show('updateSession', sdk.updateSession({ ...session }));
await show('deleteSession', sdk.deleteSession({ ...session }));
await show('deleteSession', sdk.deleteSession({ ...session }));
await show('getSession', sdk.getSession(name, application));
await show('getSessions', sdk.getSessions());
