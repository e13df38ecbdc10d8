import type { Static, TObject } from '@sinclair/typebox';

/** One type of event that a service publishes for everyone. Never changed incompatibly: a breaking change is a new type. */
export interface Contract<Schema extends TObject = TObject> {
  /** `<service>.<EventInPastTense>.v<version>`, the CloudEvents type. */
  readonly type: string;
  /** `<service>.<aggregate>.v<version>`, the Kafka topic. */
  readonly topic: string;
  /** One or two sentences for its readers: when it is published, what may be concluded from it. */
  readonly description: string;
  readonly schema: Schema;
}

/** The data of a contract event. */
export type ContractData<C extends Contract> = Static<C['schema']>;

/** What a slice publishes for one of its private events: data that satisfies the contract's schema. */
export interface Publication<C extends Contract = Contract> {
  readonly contract: C;
  readonly data: ContractData<C>;
}

/** Pairs data with its contract, typed. */
export function publication<C extends Contract>(contract: C, data: ContractData<C>): Publication<C> {
  return { contract, data };
}
