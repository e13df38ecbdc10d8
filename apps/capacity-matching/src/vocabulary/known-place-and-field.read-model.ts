import {
  type Contract,
  type ContractData,
  fieldOfActionAddedV1,
  fieldOfActionRenamedV1,
  fieldOfActionRetiredV1,
  regionRecordedV1,
} from '@alliance/contracts';
import { BusContext, type CloudEvent } from '@alliance/event-bus';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';

/** What the service remembers of a region of the registry. */
@Entity('known_region')
class KnownRegion {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('date', { name: 'valid_from' })
  readonly validFrom: string;
  /** Its last day. */
  @Column('date', { name: 'valid_to', nullable: true })
  readonly validTo: string | null;
  @Column('text', { name: 'successor_keys', array: true })
  readonly successorKeys: string[];
}

/** What the service remembers of a field of action of the registry. */
@Entity('known_field')
class KnownField {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('date', { name: 'valid_from' })
  readonly validFrom: string;
  /** Its last day. */
  @Column('date', { name: 'valid_to', nullable: true })
  readonly validTo: string | null;
  @Column('text', { name: 'successor_keys', array: true })
  readonly successorKeys: string[];
}

/** A place or a field by its key, and when it is one. */
export type Known = KnownRegion;
export const knownPlaceAndFieldEntities = [KnownRegion, KnownField] as const;

/** The contracts that feed both. */
export const knownPlaceAndFieldContracts: readonly Contract[] = [
  regionRecordedV1,
  fieldOfActionAddedV1,
  fieldOfActionRenamedV1,
  fieldOfActionRetiredV1,
];

type Published<C extends Contract> = CloudEvent<ContractData<C>>;

/** Writes what the registry publishes, each event once: the rows commit together with the inbox. */
@Controller()
export class KnownPlaceAndFieldFeed {
  @EventPattern(regionRecordedV1.type)
  async recorded(@Payload() { data }: Published<typeof regionRecordedV1>, @Ctx() { tx }: BusContext) {
    const { key, validFrom, validTo, successorKeys = [] } = data;
    await tx.upsert(KnownRegion, { key, validFrom, validTo: validTo ?? null, successorKeys }, ['key']);
  }

  @EventPattern(fieldOfActionAddedV1.type)
  async added(@Payload() { data }: Published<typeof fieldOfActionAddedV1>, @Ctx() { tx }: BusContext) {
    const { key, validFrom, validTo } = data;
    await tx.upsert(KnownField, { key, validFrom, validTo: validTo ?? null, successorKeys: [] }, ['key']);
  }

  /** Its key stays, and its validity may be told anew. */
  @EventPattern(fieldOfActionRenamedV1.type)
  async renamed(@Payload() { data }: Published<typeof fieldOfActionRenamedV1>, @Ctx() { tx }: BusContext) {
    const { key, validFrom, validTo } = data;
    await change(tx, key, 'renamed', { validFrom, ...(validTo !== undefined && { validTo }) });
  }

  @EventPattern(fieldOfActionRetiredV1.type)
  async retired(@Payload() { data }: Published<typeof fieldOfActionRetiredV1>, @Ctx() { tx }: BusContext) {
    const { key, validTo, successorKeys } = data;
    await change(tx, key, 'retired', { validTo, successorKeys });
  }
}

/** Events of one field come in order: one before it was added is a fault that must not be lost. */
async function change(tx: EntityManager, key: string, what: string, columns: Partial<KnownField>): Promise<void> {
  const { affected } = await tx.update(KnownField, { key }, columns);
  if (affected !== 1) throw new Error(`The field of action ${key} is ${what}, but nobody has told of it before.`);
}

/** Those of these regions that the registry has told of. */
export function findRegions(tx: EntityManager, keys: readonly string[]): Promise<readonly Known[]> {
  return tx.findBy(KnownRegion, { key: In(keys) });
}

/** Those of these fields of action that the registry has told of. */
export function findFields(tx: EntityManager, keys: readonly string[]): Promise<readonly Known[]> {
  return tx.findBy(KnownField, { key: In(keys) });
}
