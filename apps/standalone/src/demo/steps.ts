import type { Answer, ApiClient, Problem } from '../api-client';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total?: number;
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly stage: string;
}

export interface KnownOrganisation {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

/** One of the coordinator's checks, as evidence it names a register extract. */
export function verify(client: ApiClient, id: string): Promise<Answer<Problem>> {
  const evidence = { kind: 'register-extract', reference: 'handelsregister.example/extract', issuedOn: '2026-01-15' };
  return client.post(`/registry/organisations/${id}/verification`, { checks: [{ checked: 'identity', evidence }] });
}

export function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The list has no ${name}.`);
  return id;
}

/** An amount of money, as the fund's API has it. */
export interface Money {
  readonly cents: number;
  readonly currency: string;
}

export function euros(units: number): Money {
  return { cents: units * 100, currency: 'EUR' };
}

/** The day so many days from today. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Where the log stands after the command. */
export function positionOf({ headers }: Answer<unknown>): string {
  return headers.get('alliance-position') ?? '';
}

/** A query that carries this waits until it shows what the command has done. */
export function after({ headers }: Answer<unknown>): Record<string, string> {
  const position = headers.get('alliance-position');
  return position === null ? {} : { 'min-position': position };
}
