import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@alliance/event-sourcing';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, type KeyLike, SignJWT } from 'jose';
import { OidcTokenVerifier } from './oidc-token-verifier';
import { IdentityUnavailable, InvalidToken } from './token-verifier';

const audience = 'alliance';
const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;

/** An OpenID Connect issuer with one key, which can fall silent and change its key. */
class LocalIssuer {
  up = true;
  private keys: JWK[] = [];
  private privateKey: KeyLike;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LocalIssuer> {
    const issuer: LocalIssuer = new LocalIssuer(
      createServer((request, response) => {
        const jwks_uri = `${issuer.url}/keys`;
        response.statusCode = issuer.up ? 200 : 503;
        response.end(
          JSON.stringify(request.url === '/keys' ? { keys: issuer.keys } : { issuer: issuer.url, jwks_uri }),
        );
      }),
    );
    await issuer.changeKey();
    await new Promise<void>((resolve) => issuer.server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async changeKey(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    this.privateKey = privateKey;
    this.keys = [{ ...(await exportJWK(publicKey)), kid: `k${Math.random()}`, alg: 'RS256' }];
  }

  sign(claims: JWTPayload): Promise<string> {
    const all = { iss: this.url, aud: audience, sub: 'u-1', exp: seconds(60), roles: ['coordinator'], ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: this.keys[0]?.kid }).sign(this.privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('a token of an OpenID Connect issuer', () => {
  let issuer: LocalIssuer;
  beforeEach(async () => (issuer = await LocalIssuer.start()));
  afterEach(() => issuer.stop());

  const verifier = (rolesClaim = 'roles') =>
    new OidcTokenVerifier({ issuer: issuer.url, audience, rolesClaim }, systemClock);

  it('tells subject, known roles and organisation', async () => {
    const organisation_id = '0B5C7F2E-3f60-4f6e-9a44-4b8f2c3a1d11';
    const token = await issuer.sign({ roles: ['representative', 'offline_access'], organisation_id });
    expect(await verifier().verify(token)).toEqual({
      subject: 'u-1',
      roles: ['representative'],
      organisationId: organisation_id.toLowerCase(),
    });
  });

  it('may carry the roles in another claim', async () => {
    const token = await issuer.sign({ 'https://alliance/roles': ['auditor'] });
    expect(await verifier('https://alliance/roles').verify(token)).toEqual({ subject: 'u-1', roles: ['auditor'] });
  });

  it.each<[string, JWTPayload]>([
    ['has expired', { exp: seconds(-60) }],
    ['never expires', { exp: undefined }],
    ['is not valid yet', { nbf: seconds(60) }],
    ['is for another audience', { aud: 'other' }],
    ['is of another issuer', { iss: 'https://elsewhere.example' }],
    ['has no subject', { sub: undefined }],
    ['has an e-mail address as its subject', { sub: 'erika@example.org' }],
    ['has an organisation that is no UUID', { organisation_id: 7 }],
  ])('is refused when it %s', async (_, claims) => {
    await expect(verifier().verify(await issuer.sign(claims))).rejects.toThrow(InvalidToken);
  });

  it('is refused when it is not signed, or signed with a secret that could be the public key', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = { iss: issuer.url, aud: audience, sub: 'u-1', exp: seconds(60), roles: ['coordinator'] };
    const unsigned = `${encode({ alg: 'none' })}.${encode(claims)}.`;
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 1));
    for (const token of [unsigned, shared, 'rubbish', 'a.b.c']) {
      await expect(verifier().verify(token)).rejects.toThrow(InvalidToken);
    }
  });

  it('is refused when another key has signed it', async () => {
    const token = await issuer.sign({});
    await issuer.changeKey();
    await expect(verifier().verify(token)).rejects.toThrow(InvalidToken);
  });

  it('says nothing while the issuer is down, and is verified once it is up again', async () => {
    const token = await issuer.sign({});
    const tokens = verifier();
    issuer.up = false;
    await expect(tokens.verify(token)).rejects.toThrow(IdentityUnavailable);
    issuer.up = true;
    expect(await tokens.verify(token)).toMatchObject({ subject: 'u-1' });
  });

  it('is verified while the issuer is down when its key is known', async () => {
    const token = await issuer.sign({});
    const tokens = verifier();
    await tokens.verify(token);
    issuer.up = false;
    expect(await tokens.verify(token)).toMatchObject({ subject: 'u-1' });
  });
});
