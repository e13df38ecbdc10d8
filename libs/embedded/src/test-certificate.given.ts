/**
 * What a server on this machine shows in tests of TLS, valid until 2124; it is its own issuer, so that clients are given
 * the certificate itself as the CA. The key is no secret and protects nothing.
 */
export const testCertificate = {
  /** For `localhost` and 127.0.0.1. */
  certificate: `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjQwMTAxMDAwMDAwWhgPMjEyNDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPiRtarKm1z8n9e/
nolDVFGzU2j/lF77kssrrVI2jy3LtAvjq/a76FdRAfrOmXuFok2MEo/2Rw7ABnDe
3Z99zXOjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBTrOyy8HOcpY2EG8j2HYvJuR/4P0jAKBggqhkjOPQQD
AgNIADBFAiBUCW8dvB1zMMuOBXO/zMXyhEp+F3IHBv50TOnZU3xzWwIhANG42NSA
afbvE0HGHy35uv8Nv56xZdGX2dlJU9fPYs2J
-----END CERTIFICATE-----
`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQaKQcD3l0VsRLANc
bmmtyLWUMKMG6ep0Javof7/4CiChRANCAAT4kbWqyptc/J/Xv56JQ1RRs1No/5Re
+5LLK61SNo8ty7QL46v2u+hXUQH6zpl7haJNjBKP9kcOwAZw3t2ffc1z
-----END PRIVATE KEY-----
`,
} as const;
