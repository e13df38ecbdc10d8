import { DoubleStructureGate, GateSettings, kept } from '@alliance/double-structures';
import type { LogPosition } from '@alliance/event-sourcing';
import { ProjectionProgress } from '@alliance/read-models';
import { CommandHandler, unavailable } from '@alliance/service-host';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { allIdsOf, grantUnknown, recipientNow } from '../grant-by-log.http';
import { publishedCall } from '../grant-facts';
import { stricter } from '../standing';
import { type ApplicationState, grantApplication } from './application.decider';
import type { Application } from './application.events';
import { doubleFunding } from './double-funding';
import { findingOf, type OutsideFacts } from './eligibility-state';
import type { Finding } from './finding';
import { findFundedLines } from './funded-line.read-model';

/** As many as somebody reads; so many are kept with the decision as well. */
const OVERLAPS_KEPT = 20;
const WAIT_MS = 5000;

/** An application by the log, and where its stream ends. */
interface Applied {
  readonly state: Exclude<ApplicationState, { stage: 'none' }>;
  readonly position: LogPosition;
}

/** Asks the registry's news, the call's stream and the other grants what stands in the way of a grant. */
@Injectable()
export class GrantEligibility {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly gate: DoubleStructureGate,
    private readonly gateSettings: GateSettings,
    private readonly progress: ProjectionProgress,
  ) {}

  /** As of the moment (ISO 8601, UTC): all that stands in the way, whatever step is next. 404 where there is no grant. */
  async finding(grantId: string, at: string): Promise<Finding> {
    const applied = await this.applied(grantId);
    return findingOf(applied.state.eligibility, await this.outsideOf(grantId, applied), at);
  }

  /** What only others can tell of the grant at present. 404 where there is no grant. */
  async outside(grantId: string): Promise<OutsideFacts> {
    return this.outsideOf(grantId, await this.applied(grantId));
  }

  private async outsideOf(grantId: string, { state, position }: Applied): Promise<OutsideFacts> {
    const tx = this.database.manager;
    const { applicantOrganisationId, callId, eligibility } = state;
    const [recipient, call] = await Promise.all([
      recipientNow(tx, applicantOrganisationId),
      this.commands.load(publishedCall, callId),
    ]);
    const { survivorId } = stricter(eligibility.standing, recipient);
    const recipientIds = await allIdsOf(tx, [applicantOrganisationId, survivorId]);
    await this.registered(position);
    const others = await findFundedLines(tx, [...recipientIds], grantId);
    const { application } = eligibility;
    return {
      callIsClosed: call.state?.isClosed ?? false,
      recipient,
      structure: application && (await this.gate.find(application.structureId)),
      structures: await this.overlapping(application),
      doubleFunding: application === undefined ? [] : doubleFunding(application.lines, others),
    };
  }

  private async applied(grantId: string): Promise<Applied> {
    const { state, last } = await this.commands.load(grantApplication, grantId);
    if (state.stage === 'none' || last === undefined) throw grantUnknown();
    return { state, position: last.position };
  }

  /** Besides the structure that it strengthens, which it is to be like. */
  private async overlapping(application: Application | undefined): Promise<Finding['structures']> {
    if (application !== undefined) {
      const { structureId: except, ...scope } = application;
      return kept(await this.gate.ask(scope, { limit: OVERLAPS_KEPT, except }));
    }
    const { overlapReasonPercent, overlapConsentPercent } = this.gateSettings;
    const settings = { reasonFrom: overlapReasonPercent / 100, consentFrom: overlapConsentPercent / 100 };
    return { demands: 'nothing', ...settings, overlaps: [] };
  }

  /**
   * Until the register has come to the grant's own submission: of two that are submitted at the same time, whoever looks
   * at the later one afterwards sees the other.
   */
  private async registered(position: LogPosition): Promise<void> {
    if ((await this.progress.waitForPosition('grant-register', position, WAIT_MS)) === 'reached') return;
    throw unavailable('READ_MODEL_BEHIND', 'The register of grants has not come to this grant yet.', 1);
  }
}
