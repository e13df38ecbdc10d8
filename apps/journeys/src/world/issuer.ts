import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID Connect issuer on this machine, with discovery and keys over HTTP, as the services expect in production. */
export interface Issuer {
  readonly url: string;
  readonly audience: string;
  /** A token for an hour. */
  token(claims: {
    readonly subject: string;
    readonly roles: readonly string[];
    readonly organisationId?: string;
  }): Promise<string>;
  stop(): Promise<void>;
}

const KEY_ID = 'journeys';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] };
  const server = createServer((request, response) => {
    const found =
      request.url === '/.well-known/openid-configuration'
        ? { issuer: url, jwks_uri: `${url}/keys` }
        : request.url === '/keys'
          ? keys
          : undefined;
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const audience = 'alliance';
  return {
    url,
    audience,
    token: ({ subject, roles, organisationId }) =>
      new SignJWT({ roles, organisation_id: organisationId })
        .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
        .setIssuer(url)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
