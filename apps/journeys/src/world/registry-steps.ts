import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@alliance/standalone';

/** Fails with what was answered when the status is another one. */
export async function expectStatus<Answered extends { readonly status: number; readonly body: unknown }>(
  answer: Promise<Answered>,
  status: number,
): Promise<Answered> {
  const got = await answer;
  if (got.status !== status) throw new Error(`${got.status} instead of ${status}: ${JSON.stringify(got.body)}`);
  return got;
}

/** An organisation applies, with these facts of it; its id. A repeat with the same key is the same application. */
export async function apply(
  client: ApiClient,
  name: string,
  key: string = randomUUID(),
  facts: object = {},
): Promise<string> {
  const least = { kind: 'civil-society', operatingSince: '2010-01-01', identifiers: [], fieldKeys: [] };
  const application = { name, ...least, ...facts };
  const answer = await expectStatus(
    client.post<{ organisationId: string }>('/registry/organisations', application, { 'idempotency-key': key }),
    201,
  );
  return answer.body.organisationId;
}

/** Verified and admitted, by somebody else than who applied. */
export async function admit(coordinator: ApiClient, id: string): Promise<void> {
  const evidence = { kind: 'register-extract', reference: 'extract-1', issuedOn: '2026-01-15' };
  const checks = [{ checked: 'identity', evidence }];
  await expectStatus(coordinator.post(`/registry/organisations/${id}/verification`, { checks }), 204);
  await expectStatus(coordinator.post(`/registry/organisations/${id}/admission`, {}), 204);
}
