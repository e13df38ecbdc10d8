/** What a service answered, whatever the status. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; `undefined` when there was none. */
  readonly body: Body;
}

/** A problem+json body (RFC 9457) as the services write it. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly data?: unknown;
  readonly errors?: readonly { readonly field: string; readonly reason: string; readonly expected: string }[];
}

/** One user of the HTTP APIs: a base URL and a bearer token. Answers of any status come back; only no answer throws. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {}

  get<Body>(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer<Body>> {
    return this.send('GET', path, undefined, headers);
  }

  /** Sends JSON; a command that carries an `Idempotency-Key` can be sent again without harm. */
  post<Body>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer<Body>> {
    return this.send('POST', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  }

  /** Sends a CSV file, as text or as the bytes that it has. */
  postCsv<Body>(
    path: string,
    csv: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    return this.send('POST', path, csv, { 'content-type': 'text/csv', ...headers });
  }

  put<Body>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.send('PUT', path, JSON.stringify(body), { 'content-type': 'application/json' });
  }

  delete<Body>(path: string): Promise<Answer<Body>> {
    return this.send('DELETE', path, undefined, {});
  }

  private async send<Body>(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { body }),
      headers: { ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }), ...headers },
    });
    const text = await response.text();
    // The caller names the shape it expects and checks what it relies on.
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  }
}
