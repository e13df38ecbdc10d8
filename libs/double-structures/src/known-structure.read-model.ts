import {
  type Contract,
  type ContractData,
  fieldOfActionRetiredV1,
  regionRecordedV1,
  structureConfirmedV1,
  structureEndedV1,
  structureRecordedV1,
  structureRevisedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent } from '@alliance/event-bus';
import { findSurvivors } from '@alliance/known-organisations';
import { regionsAround } from '@alliance/region-keys';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { GateTables } from './double-structure-gate';

/** What a service remembers of a structure of the registry. */
@Entity('known_structure')
class KnownStructure {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text')
  readonly name: string;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: string[];
  @Column('text', { name: 'region_keys', array: true })
  readonly regionKeys: string[];
  /** Its regions and all around them. */
  @Column('text', { name: 'within_keys', array: true })
  readonly withinKeys: string[];
  @Column('text', { name: 'target_groups', array: true })
  readonly targetGroups: string[];
  @Column('text')
  readonly service: string;
  @Column('text')
  readonly stage: 'recorded' | 'confirmed' | 'ended';
}

/** What a service remembers of a region of the registry. */
@Entity('known_region')
class KnownRegion {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('text')
  readonly name: string;
}

/** What a service remembers of a field of action that others have followed. */
@Entity('known_retired_field')
class KnownRetiredField {
  @PrimaryColumn('text')
  readonly key: string;
  /** Its last day. */
  @Column('date', { name: 'valid_to' })
  readonly validTo: string;
  @Column('text', { name: 'successor_keys', array: true })
  readonly successorKeys: string[];
}

export const knownStructureEntities = [KnownStructure, KnownRegion, KnownRetiredField];

export const knownTables: GateTables = {
  structures: 'known_structure',
  fields: 'known_retired_field',
  regions: 'known_region',
  survivors: findSurvivors,
};

/** The contracts that feed it. */
export const knownStructureContracts: readonly Contract[] = [
  structureRecordedV1,
  structureConfirmedV1,
  structureRevisedV1,
  structureEndedV1,
  regionRecordedV1,
  fieldOfActionRetiredV1,
];

type Published<C extends Contract> = CloudEvent<ContractData<C>>;

/** Writes what the registry publishes, each event once: the rows commit together with the inbox. */
@Controller()
export class KnownStructureFeed {
  @EventPattern(structureRecordedV1.type)
  async recorded(@Payload() { data }: Published<typeof structureRecordedV1>, @Ctx() { tx }: BusContext) {
    const { structureId: id, organisationId } = data;
    await tx.upsert(KnownStructure, { id, organisationId, ...factsOf(data), stage: 'recorded' }, ['id']);
  }

  @EventPattern(structureConfirmedV1.type)
  async confirmed(@Payload() { data }: Published<typeof structureConfirmedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.structureId, { stage: 'confirmed' });
  }

  @EventPattern(structureRevisedV1.type)
  async revised(@Payload() { data }: Published<typeof structureRevisedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.structureId, { ...factsOf(data), stage: 'recorded' });
  }

  @EventPattern(structureEndedV1.type)
  async ended(@Payload() { data }: Published<typeof structureEndedV1>, @Ctx() { tx }: BusContext) {
    await change(tx, data.structureId, { stage: 'ended' });
  }

  @EventPattern(regionRecordedV1.type)
  async region(@Payload() { data }: Published<typeof regionRecordedV1>, @Ctx() { tx }: BusContext) {
    await tx.upsert(KnownRegion, { key: data.key, name: data.name }, ['key']);
  }

  @EventPattern(fieldOfActionRetiredV1.type)
  async field(@Payload() { data }: Published<typeof fieldOfActionRetiredV1>, @Ctx() { tx }: BusContext) {
    await tx.upsert(KnownRetiredField, data, ['key']);
  }
}

function factsOf(data: ContractData<typeof structureRevisedV1> | ContractData<typeof structureRecordedV1>) {
  const { name, fieldKeys, regionKeys, targetGroups, service } = data;
  return { name, fieldKeys, regionKeys, withinKeys: [...regionsAround(regionKeys)], targetGroups, service };
}

/** Events of one structure come in order: one without a recording before it is a fault that must not be lost. */
async function change(tx: EntityManager, id: string, columns: Partial<KnownStructure>): Promise<void> {
  const { affected } = await tx.update(KnownStructure, { id }, columns);
  if (affected !== 1) throw new Error(`The structure ${id} has changed, but nobody has told of its recording.`);
}
