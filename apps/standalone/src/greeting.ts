import { services } from './services';
import type { Standalone } from './standalone';

/** What a newcomer wants to know: what runs where, where data lies, and one command to paste. */
export function greeting({ url, eventStoreUrl, databaseUrl }: Standalone, dataDir: string): string {
  const widest = Math.max(...services.map(({ name }) => name.length));
  const lines = services.map(({ name }) => `  ${name.padEnd(widest)}  ${url}/${name}   browse ${url}/${name}/docs`);
  return `
Alliance4Ukraine, all services in one process

${lines.join('\n')}

  health      ${url}/health/ready
  event log   ${eventStoreUrl}
  databases   ${withoutPassword(databaseUrl('registry'))} and one for each other service; the password is in
              ${dataDir}/postgres/password
  data        ${dataDir}   (npm start -- --fresh begins anew)

Try it: a development token, then the regions that the registry knows

  TOKEN=$(curl -s ${url}/dev/token -d '{"role":"coordinator"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
  curl -s -H "authorization: Bearer $TOKEN" '${url}/registry/regions?limit=3'

Ctrl-C stops everything.
`;
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}
