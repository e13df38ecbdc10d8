import type { ServerSecurity } from '../server-security';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

/** A listener with TLS, and SASL by password (PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512), in the words of Kafka's settings. */
export function securedListener(
  security: ServerSecurity,
  port: number,
): {
  readonly listener: string;
  readonly properties: Readonly<Record<string, string>>;
  /** For the formatting of the data folder, which holds the users of SCRAM. */
  readonly formatArguments: readonly string[];
} {
  const { certificate, privateKey, username, password } = security;
  const ofListener = {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'plain.sasl.jaas.config': `${PLAIN} user_${username}="${password}";`,
    'scram-sha-256.sasl.jaas.config': SCRAM,
    'scram-sha-512.sasl.jaas.config': SCRAM,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': inOneLine(certificate),
    'ssl.keystore.key': inOneLine(privateKey),
  };
  return {
    listener: `SECURED://127.0.0.1:${port}`,
    properties: Object.fromEntries(
      Object.entries(ofListener).map(([name, value]) => [`listener.name.secured.${name}`, value]),
    ),
    formatArguments: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `--add-scram=${mechanism}=[name=${username},password=${password}]`,
    ),
  };
}

/** In a Java properties file a line break is written as its escape. */
function inOneLine(pem: string): string {
  return pem.trim().replaceAll('\n', '\\n');
}
