import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { organisationMergedV1, type Publication, regionRecordedV1, structureRecordedV1 } from '@alliance/contracts';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { type CallFacts, callEvents } from '../call/call.events';
import { FundWorld, officer } from '../fund.given';
import type { Application } from './application.events';
import { theApplication, theCall } from './grant.given';

/** Who acts for an applicant, and what the applicant already does. */
export interface Applicant {
  readonly organisationId: string;
  readonly structureId: string;
  readonly speaker: Caller;
}

/** The fund, where organisations apply for grants of calls. */
export class GrantWorld {
  private constructor(readonly fund: FundWorld) {}

  static async start(): Promise<GrantWorld> {
    const world = new GrantWorld(await FundWorld.start());
    const land = { levels: ['land' as const], validFrom: '2020-01-01' };
    await world.hear(regionRecordedV1, { key: '09000000', name: 'Bayern', ...land }, '09000000');
    await world.hear(regionRecordedV1, { key: '08000000', name: 'Baden-Württemberg', ...land }, '08000000');
    const city = { levels: ['kreis' as const, 'gemeinde' as const], validFrom: '2020-01-01', parentKey: '09100000' };
    await world.hear(regionRecordedV1, { key: '09162000', name: 'München', ...city }, '09162000');
    return world;
  }

  stop(): Promise<void> {
    return this.fund.stop();
  }

  /** A call that is open today. */
  async openCall(more: Partial<CallFacts> = {}): Promise<string> {
    const callId = randomUUID();
    const opensAt = new Date(Date.now() - 86_400_000).toISOString();
    const closesAt = new Date(Date.now() + 86_400_000).toISOString();
    const call = { ...theCall, opensAt, closesAt, ...more };
    const data = { potId: randomUUID(), call, panel: [], publishedBy: 'coordinator-1' };
    await this.fund.plant(callEvents, callId, [{ type: 'CallPublished', data }]);
    return callId;
  }

  /** An organisation that the registry has admitted, with a structure that does something no other does. */
  async applicant(subject = 'representative-1', service = `advice-${randomUUID()}`): Promise<Applicant> {
    const [organisationId, structureId] = [randomUUID(), randomUUID()];
    await this.fund.admit(organisationId);
    await this.structure(organisationId, structureId, { service });
    return { organisationId, structureId, speaker: { subject, role: 'representative', organisationId } };
  }

  private async structure(organisationId: string, structureId: string, more: { readonly service: string }) {
    const { fieldKeys, regionKeys, targetGroups, service } = theApplication;
    const scope = { fieldKeys, regionKeys, targetGroups, service };
    const at = { operatingSince: '2022-04-01', recordedAt: '2025-01-01T00:00:00.000Z' };
    const data = { structureId, organisationId, name: 'Rechtsberatung', ...scope, ...at, ...more };
    await this.hear(structureRecordedV1, data, structureId);
    const isKnown = async () => {
      const { body } = await this.fund.post('/overlaps?limit=50', { ...scope, ...more }, officer);
      return body.items?.some(({ structure }: { structure: { id: string } }) => structure.id === structureId);
    };
    while (!(await isKnown())) await sleep(20);
  }

  /** The registry merges one organisation into another, and the fund has heard of it. */
  async merge(organisationId: string, intoOrganisationId: string): Promise<void> {
    const data = { organisationId, intoOrganisationId, mergedAt: new Date().toISOString() };
    await this.fund.receive({ contract: organisationMergedV1, data }, organisationId, 1n);
    const merged = async () => {
      const { body } = await this.fund.get(`/known-organisations/${organisationId}`, auditor);
      return body.survivor.id === intoOrganisationId;
    };
    while (!(await merged())) await sleep(20);
  }

  /** What the applicant wants to do, which no structure does but their own. */
  application({ structureId }: Applicant, more: Partial<Application> = {}): object {
    return { ...theApplication, service: `project-${randomUUID()}`, structureId, ...more };
  }

  /** A grant of the call with an application. */
  async written(callId: string, applicant: Applicant, more: Partial<Application> = {}): Promise<string> {
    const { body } = await this.fund.post('/grants', { callId }, applicant.speaker);
    const application = this.application(applicant, more);
    done(await this.fund.put(`/grants/${body.grantId}/application`, application, applicant.speaker));
    return body.grantId;
  }

  /** The same, submitted; with the answer to it. */
  async submitted(callId: string, applicant: Applicant, more: Partial<Application> = {}) {
    const grantId = await this.written(callId, applicant, more);
    const answer = done(await this.fund.post(`/grants/${grantId}/submission`, {}, applicant.speaker));
    return { grantId, answer };
  }

  private async hear<C extends Publication['contract']>(contract: C, data: object, subject: string): Promise<void> {
    await this.fund.receive({ contract, data } as Publication, subject, 0n);
  }
}

function done(answer: Answer): Answer {
  if (answer.status !== 204) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
