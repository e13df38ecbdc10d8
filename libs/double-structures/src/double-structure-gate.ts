import { regionsAround } from '@alliance/region-keys';
import { IntegerSetting } from '@alliance/service-host';
import type { DataSource, EntityManager } from 'typeorm';
import { FieldSuccession, type RetiredField } from './field-succession';
import { type Overlap, overlapWith, type Scope } from './overlap';

/** From which overlap on the gate asks for something. Settings of a service that has the gate. */
export class GateSettings {
  /** Going on beside a structure that overlaps so much, in hundredths, needs a reason. `OVERLAP_REASON_PERCENT` */
  @IntegerSetting(1, 100)
  readonly overlapReasonPercent: number = 30;

  /** … and the consent of a second person besides. `OVERLAP_CONSENT_PERCENT` */
  @IntegerSetting(1, 100)
  readonly overlapConsentPercent: number = 70;
}

/**
 * Where a service keeps what it knows, in tables of its own database with these columns: structures `id,
 * organisation_id, name, field_keys, region_keys, within_keys` (its regions and all around them)`, target_groups,
 * service, stage`; fields of action `key, valid_to, successor_keys`, empty for those that nothing has followed; regions
 * `key, name`.
 */
export interface GateTables {
  readonly structures: string;
  readonly fields: string;
  readonly regions: string;
  /** The organisation that each of these counts as now, which a merge may have made another one, if it is known. */
  readonly survivors: (tx: EntityManager, organisationIds: readonly string[]) => Promise<ReadonlyMap<string, Survivor>>;
}

interface Survivor {
  readonly id: string;
  readonly name: string;
  /** `merged`: into one that this service has not heard of yet. */
  readonly status: string;
}

/**
 * Nobody can join the structures of such an organisation. One that has left offers nothing in the alliance any more; a
 * suspension freezes memberships, so to join it would be frozen as well. With its reinstatement its structures are back,
 * and the confirmation of what was begun meanwhile shows them.
 */
const ABSENT = ['left', 'suspended', 'merged'];

export const demands = ['nothing', 'reason', 'consent'] as const;
/** What going on needs: nothing, a reason, or a reason and the consent of a second person. */
export type Demand = (typeof demands)[number];

export interface OverlappingStructure extends Overlap {
  readonly structure: Scope & { readonly id: string; readonly name: string };
  /** Whose it is now, after merges the surviving one. The name is absent while this service has not heard it yet. */
  readonly organisation: { readonly id: string; readonly name?: string };
  /** Whom to join, in words. */
  readonly suggestion: string;
}

export interface GateFinding {
  readonly demands: Demand;
  readonly reasonFrom: number;
  readonly consentFrom: number;
  /** Those that overlap most, first. */
  readonly overlaps: readonly OverlappingStructure[];
  /** How many overlap at all. */
  readonly total: number;
}

interface Candidate {
  readonly id: string;
  readonly organisation_id: string;
  readonly name: string;
  readonly field_keys: readonly string[];
  readonly region_keys: readonly string[];
  readonly target_groups: readonly string[];
  readonly service: string;
}

/**
 * The gate against double structures (Doppelstrukturen): shows what exists already. It reads a read model, so of two
 * that come at the same instant neither sees the other; whoever records structures looks again when they are confirmed.
 */
export class DoubleStructureGate {
  constructor(
    private readonly database: DataSource,
    private readonly settings: GateSettings,
    private readonly tables: GateTables,
  ) {}

  /** The keys among these that no recorded region has. */
  async unknownRegions(keys: readonly string[]): Promise<readonly string[]> {
    const names = await this.regionNames(this.database.manager, keys);
    return keys.filter((key) => !names.has(key));
  }

  /** Whose the structure is now, after merges, and whether it has ended; `undefined` where nobody has told of it. */
  async find(structureId: string): Promise<{ readonly ownerId: string; readonly hasEnded: boolean } | undefined> {
    const tx = this.database.manager;
    const [found] = await tx.query<{ organisation_id: string; stage: string }[]>(
      `SELECT organisation_id, stage FROM "${this.tables.structures}" WHERE id = $1`,
      [structureId],
    );
    if (found === undefined) return undefined;
    const survivor = (await this.tables.survivors(tx, [found.organisation_id])).get(found.organisation_id);
    return { ownerId: survivor?.id ?? found.organisation_id, hasEnded: found.stage === 'ended' };
  }

  /** What exists that overlaps with the proposal, and what going on needs. `except` is the structure itself. */
  async ask(
    proposed: Scope,
    { limit, except }: { readonly limit: number; readonly except?: string },
  ): Promise<GateFinding> {
    const tx = this.database.manager;
    const fields = await this.fieldSuccession(tx);
    const overlapOf = overlapWith(proposed, fields);
    const fieldKeys = fields.recordedKeys(proposed.fieldKeys);
    const scored = (await this.candidates(tx, { ...proposed, fieldKeys }, except))
      .map((candidate) => ({ candidate, score: overlapOf(scopeOf(candidate)).score }))
      .filter(({ score }) => score > 0);
    const organisationIds = new Set(scored.map(({ candidate }) => candidate.organisation_id));
    const survivors = await this.tables.survivors(tx, [...organisationIds]);
    const overlapping = scored
      .filter(({ candidate }) => !ABSENT.includes(survivors.get(candidate.organisation_id)?.status ?? ''))
      .sort((a, b) => b.score - a.score || (a.candidate.id < b.candidate.id ? -1 : 1));
    const shown = overlapping.slice(0, limit).map(({ candidate }) => candidate);
    const regionKeys = regionsAround([...proposed.regionKeys, ...shown.flatMap(({ region_keys }) => region_keys)]);
    const regions = await this.regionNames(tx, regionKeys);
    const explained = overlapWith(proposed, fields, (key) => regions.get(key));
    const reasonFrom = this.settings.overlapReasonPercent / 100;
    const consentFrom = this.settings.overlapConsentPercent / 100;
    const highest = overlapping[0]?.score ?? 0;
    return {
      demands: highest >= consentFrom ? 'consent' : highest >= reasonFrom ? 'reason' : 'nothing',
      reasonFrom,
      consentFrom,
      overlaps: shown.map((candidate) => {
        const scope = scopeOf(candidate);
        const { id, name, organisation_id } = candidate;
        const survivor = survivors.get(organisation_id);
        const organisation = { id: survivor?.id ?? organisation_id, name: survivor?.name };
        const of = organisation.name === undefined ? '' : ` of ${organisation.name}`;
        const suggestion = `Join ${name}${of}`;
        return { ...explained(scope), structure: { id, name, ...scope }, organisation, suggestion };
      }),
      total: overlapping.length,
    };
  }

  /** By field and region, from the indexes; what is left is scored in code. */
  private candidates(tx: EntityManager, { fieldKeys, regionKeys }: Scope, except: string | undefined) {
    return tx.query<Candidate[]>(
      `SELECT id, organisation_id, name, field_keys, region_keys, target_groups, service
         FROM "${this.tables.structures}"
        WHERE stage IN ('recorded', 'confirmed') AND field_keys && $1::text[]
          AND (region_keys && $2::text[] OR within_keys && $3::text[]) AND id IS DISTINCT FROM $4`,
      [fieldKeys, regionsAround(regionKeys), regionKeys, except ?? null],
    );
  }

  private async fieldSuccession(tx: EntityManager): Promise<FieldSuccession> {
    const retired = await tx.query<RetiredField[]>(
      `SELECT key, valid_to::text AS "validTo", successor_keys AS "successorKeys"
         FROM "${this.tables.fields}" WHERE successor_keys <> '{}'`,
    );
    return new FieldSuccession(retired);
  }

  private async regionNames(tx: EntityManager, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await tx.query<{ key: string; name: string }[]>(
      `SELECT key, name FROM "${this.tables.regions}" WHERE key = ANY ($1)`,
      [keys],
    );
    return new Map(found.map(({ key, name }) => [key, name]));
  }
}

function scopeOf({ field_keys, region_keys, target_groups, service }: Candidate): Scope {
  return { fieldKeys: field_keys, regionKeys: region_keys, targetGroups: target_groups, service };
}

/** What of a finding is kept with a decision: by which settings it was judged, and only what counts by them. */
export function kept({ demands, reasonFrom, consentFrom, overlaps }: GateFinding) {
  const counting = overlaps.filter(({ score }) => score >= Math.min(reasonFrom, consentFrom));
  return {
    demands,
    reasonFrom,
    consentFrom,
    overlaps: counting.map(({ structure: { id, name }, organisation, score, terms }) => ({
      structureId: id,
      name,
      organisationId: organisation.id,
      ...(organisation.name !== undefined && { organisationName: organisation.name }),
      score,
      terms: {
        field: terms.field.score,
        region: terms.region.score,
        targetGroup: terms.targetGroup.score,
        service: terms.service.score,
      },
    })),
  };
}
