import {
  type Contract,
  type ContractData,
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationRevisedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent } from '@alliance/event-bus';
import { keysetPage } from '@alliance/read-models';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';

export const knownStatuses = ['admitted', 'suspended', 'left', 'merged'] as const;
export type KnownStatus = (typeof knownStatuses)[number];
type Facts = Omit<ContractData<typeof organisationAdmittedV1>, 'organisationId' | 'admittedAt'>;
export type KnownKind = Facts['kind'];

/** What a service remembers of an organisation of the registry. */
@Entity('known_organisation')
export class KnownOrganisation {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly name: string;
  @Column('text')
  readonly kind: KnownKind;
  @Column('text', { name: 'legal_form', nullable: true })
  readonly legalForm: string | null;
  @Column('text', { name: 'region_key', nullable: true })
  readonly regionKey: string | null;
  /** What it is registered as. */
  @Column('jsonb')
  readonly identifiers: Facts['identifiers'];
  /** The organisation that it belongs to, as it was named: see `findSurvivors`. Nobody may have told of that one. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  readonly parentId: string | null;
  @Column('text')
  readonly status: KnownStatus;
  /** Since when it has had this status. */
  @Column('timestamptz')
  readonly since: Date;
  /** The organisation that it counts as since a merge; that one may itself be merged into a third. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  readonly mergedInto: string | null;
}

/** The contracts that feed it. */
export const knownOrganisationContracts: readonly Contract[] = [
  organisationAdmittedV1,
  organisationSuspendedV1,
  organisationReinstatedV1,
  organisationLeftV1,
  organisationRevisedV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
];

type Published<C extends Contract> = CloudEvent<ContractData<C>>;

/** Writes what the registry publishes, each event once: the rows commit together with the inbox. */
@Controller()
export class KnownOrganisationFeed {
  @EventPattern(organisationAdmittedV1.type)
  async admitted(@Payload() { data }: Published<typeof organisationAdmittedV1>, @Ctx() { tx }: BusContext) {
    const { organisationId: id, admittedAt: since } = data;
    await tx.upsert(KnownOrganisation, { id, ...factColumns(data), status: 'admitted', since }, ['id']);
  }

  @EventPattern(organisationSuspendedV1.type)
  async suspended(@Payload() { data }: Published<typeof organisationSuspendedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'suspended', { status: 'suspended', since: data.suspendedAt });
  }

  @EventPattern(organisationReinstatedV1.type)
  async reinstated(@Payload() { data }: Published<typeof organisationReinstatedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'reinstated', { status: 'admitted', since: data.reinstatedAt });
  }

  @EventPattern(organisationLeftV1.type)
  async left(@Payload() { data }: Published<typeof organisationLeftV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'left', { status: 'left', since: data.leftAt });
  }

  @EventPattern(organisationRevisedV1.type)
  async revised(@Payload() { data }: Published<typeof organisationRevisedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'revised', factColumns(data));
  }

  @EventPattern(organisationMergedV1.type)
  async merged(@Payload() { data }: Published<typeof organisationMergedV1>, @Ctx() { tx }: BusContext) {
    const { organisationId, intoOrganisationId: mergedInto, mergedAt: since } = data;
    await change(tx, organisationId, 'merged', { status: 'merged', since, mergedInto });
  }

  @EventPattern(organisationMergeUndoneV1.type)
  async mergeUndone(@Payload() { data }: Published<typeof organisationMergeUndoneV1>, @Ctx() { tx }: BusContext) {
    const { organisationId, undoneAt: since } = data;
    await change(tx, organisationId, 'restored', { status: 'admitted', since, mergedInto: null });
  }
}

function factColumns(facts: Facts) {
  return {
    name: facts.name,
    kind: facts.kind,
    legalForm: facts.legalForm ?? null,
    regionKey: facts.regionKey ?? null,
    identifiers: facts.identifiers,
    parentId: facts.parentOrganisationId ?? null,
  };
}

/** Events of one organisation come in order: one without an admission before it is a fault that must not be lost. */
async function change(
  tx: EntityManager,
  id: string,
  what: string,
  columns: Partial<Omit<KnownOrganisation, 'since'> & { since: string }>,
): Promise<void> {
  const { affected } = await tx.update(KnownOrganisation, { id }, columns);
  if (affected !== 1) throw new Error(`The organisation ${id} is ${what}, but nobody has told of its admission.`);
}

/** What an organisation counts as now. */
export interface Survivor extends KnownOrganisation {
  /** The latest change of it or of a merge that leads to it: since when it counts so, and stands so. */
  readonly countsSince: Date;
}

/**
 * The organisation that each of these counts as now: itself, or the one at the end of its merges. References keep the id
 * that they were made with, and are resolved when they are read; so an undo needs no change of them. Those that nobody
 * has told of are absent. The last may not be known yet, for the bus keeps the order of one organisation only: then it
 * ends before that one, with the status `merged`.
 */
export async function findSurvivors(tx: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, Survivor>> {
  const ends = await tx.query<{ of: string; id: string; since: Date }[]>(
    `WITH RECURSIVE merge AS (
       SELECT id AS "of", id, merged_into, since, 0 AS step FROM known_organisation WHERE id = ANY ($1)
       UNION ALL
       SELECT merge."of", next.id, next.merged_into, greatest(merge.since, next.since), step + 1
       FROM merge JOIN known_organisation AS next ON next.id = merge.merged_into
     ) CYCLE id SET is_cycle USING path
     SELECT DISTINCT ON ("of") "of", id, since FROM merge WHERE NOT is_cycle ORDER BY "of", step DESC`,
    [ids],
  );
  const found = await tx.findBy(KnownOrganisation, { id: In(ends.map(({ id }) => id)) });
  const survivors = new Map(found.map((one) => [one.id, one]));
  return new Map(
    ends.flatMap(({ of, id, since: countsSince }) => {
      const survivor = survivors.get(id);
      return survivor === undefined ? [] : [[of, { ...survivor, countsSince }]];
    }),
  );
}

/** These ids and those of all that count as one of them since they were merged: what refers to those belongs to these. */
export async function idsCountingAs(tx: EntityManager, ids: readonly string[]): Promise<readonly string[]> {
  const found = await tx.query<{ id: string }[]>(
    `WITH RECURSIVE merged AS (
       SELECT unnest($1::uuid[]) AS id
       UNION
       SELECT known.id FROM merged JOIN known_organisation AS known ON known.merged_into = merged.id
     )
     SELECT id FROM merged`,
    [ids],
  );
  return found.map((row) => row.id);
}

export interface KnownOrganisationQuery {
  readonly status?: KnownStatus;
  readonly kind?: KnownKind;
  /** What the AGS of the seat begins with. */
  readonly regionPrefix?: string;
  readonly order: readonly {
    readonly field: 'name' | 'since';
    readonly direction: 'ascending' | 'descending';
  }[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of them, by name unless another order is asked for. */
export async function findKnownOrganisations(
  tx: EntityManager,
  { status, kind, regionPrefix, order, limit, cursor }: KnownOrganisationQuery,
): Promise<{ readonly items: readonly KnownOrganisation[]; readonly nextCursor?: string }> {
  const found = tx.createQueryBuilder(KnownOrganisation, 'known').where('true');
  if (status !== undefined) found.andWhere('known.status = :status', { status });
  if (kind !== undefined) found.andWhere('known.kind = :kind', { kind });
  if (regionPrefix !== undefined) found.andWhere('known.regionKey LIKE :region', { region: `${regionPrefix}%` });
  const byName = [{ field: 'name', direction: 'ascending' }] as const;
  return keysetPage(found, { order: order.length > 0 ? order : byName, key: 'id', limit, cursor });
}
