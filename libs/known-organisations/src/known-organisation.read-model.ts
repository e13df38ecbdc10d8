import {
  type Contract,
  type ContractData,
  organisationAdmittedV1,
  organisationLeftV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent } from '@alliance/event-bus';
import { keysetPage } from '@alliance/read-models';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';

export const knownStatuses = ['admitted', 'suspended', 'left'] as const;
export type KnownStatus = (typeof knownStatuses)[number];
export type KnownKind = ContractData<typeof organisationAdmittedV1>['kind'];

/** What a service remembers of an organisation of the registry. */
@Entity('known_organisation')
export class KnownOrganisation {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly name: string;
  @Column('text')
  readonly kind: KnownKind;
  @Column('text', { name: 'region_key', nullable: true })
  readonly regionKey: string | null;
  @Column('text')
  readonly status: KnownStatus;
  /** Since when it has had this status. */
  @Column('timestamptz')
  readonly since: Date;
}

/** The contracts that feed it. */
export const knownOrganisationContracts: readonly Contract[] = [
  organisationAdmittedV1,
  organisationSuspendedV1,
  organisationReinstatedV1,
  organisationLeftV1,
];

type Published<C extends Contract> = CloudEvent<ContractData<C>>;

/** Writes what the registry publishes, each event once: the rows commit together with the inbox. */
@Controller()
export class KnownOrganisationFeed {
  @EventPattern(organisationAdmittedV1.type)
  async admitted(@Payload() { data }: Published<typeof organisationAdmittedV1>, @Ctx() { tx }: BusContext) {
    const { organisationId: id, name, kind, regionKey, admittedAt } = data;
    const row = { id, name, kind, regionKey: regionKey ?? null, status: 'admitted', since: admittedAt } as const;
    await tx.upsert(KnownOrganisation, row, ['id']);
  }

  @EventPattern(organisationSuspendedV1.type)
  async suspended(@Payload() { data }: Published<typeof organisationSuspendedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'suspended', data.suspendedAt);
  }

  @EventPattern(organisationReinstatedV1.type)
  async reinstated(@Payload() { data }: Published<typeof organisationReinstatedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'admitted', data.reinstatedAt);
  }

  @EventPattern(organisationLeftV1.type)
  async left(@Payload() { data }: Published<typeof organisationLeftV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.organisationId, 'left', data.leftAt);
  }
}

/** Events of one organisation come in order: one without an admission before it is a fault that must not be lost. */
async function change(tx: EntityManager, id: string, status: KnownStatus, since: string): Promise<void> {
  const { affected } = await tx.update(KnownOrganisation, { id }, { status, since });
  if (affected !== 1) throw new Error(`The organisation ${id} is ${status}, but nobody has told of its admission.`);
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
