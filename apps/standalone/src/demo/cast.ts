import type { Role } from '@alliance/service-host';
import { decodeJwt } from 'jose';
import { ApiClient } from '../api-client';

/** The people of the story, each with a token of their own. */
export interface Cast {
  readonly coordinator: ApiClient;
  /** Somebody else in the same role: no one decides on what they have applied for. */
  readonly secondCoordinator: ApiClient;
  readonly representative: ApiClient;
  readonly fundOfficer: ApiClient;
  readonly auditor: ApiClient;
  /** Somebody who acts for this organisation and no other. */
  representativeOf(organisationId: string): Promise<ApiClient>;
  /** Somebody new in that role. */
  another(role: Role, employerId?: string): Promise<Person>;
}

/** Somebody whom others name by their pseudonymous subject. */
export interface Person {
  readonly client: ApiClient;
  readonly subject: string;
}

/** Fetches a development token for each, as a person at the terminal would. */
export async function castOf(url: string): Promise<Cast> {
  const another = async (role: Role, organisationId?: string): Promise<Person> => {
    const { status, body } = await new ApiClient(url).post<{ token: string }>('/dev/token', { role, organisationId });
    if (status !== 200) throw new Error(`No token for ${role}: ${status} ${JSON.stringify(body)}`);
    return { client: new ApiClient(url, body.token), subject: decodeJwt(body.token).sub ?? '' };
  };
  const actor = async (role: Role, organisationId?: string) => (await another(role, organisationId)).client;
  const [coordinator, secondCoordinator, representative, fundOfficer, auditor] = await Promise.all([
    actor('coordinator'),
    actor('coordinator'),
    actor('representative'),
    actor('fund-officer'),
    actor('auditor'),
  ]);
  const representativeOf = (organisationId: string) => actor('representative', organisationId);
  return { coordinator, secondCoordinator, representative, fundOfficer, auditor, representativeOf, another };
}

/** Asks again until the answer is as wished, or for ten seconds: what travels over the bus comes a little later. */
export async function askUntil<Answer>(
  ask: () => Promise<Answer>,
  wished: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (wished(answer) || Date.now() > deadline) return answer;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
