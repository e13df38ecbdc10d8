/** TLS, and the one user who may come in: what a server of this lib asks of its clients, to prove that they can. */
export interface ServerSecurity {
  /** PEM. */
  readonly certificate: string;
  /** PEM (PKCS #8). */
  readonly privateKey: string;
  readonly username: string;
  readonly password: string;
}
