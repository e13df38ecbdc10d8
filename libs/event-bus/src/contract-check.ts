import type { Contract } from '@alliance/contracts';
import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';

/** The data is not what its contract promises. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

/** Checks data against the schema; the fault is told by path and rule, never by value, which could name persons. */
export function checkData(contract: Pick<Contract, 'type'>, schema: TSchema, data: unknown): void {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = TypeCompiler.Compile(schema);
    compiled.set(schema, check);
  }
  if (check.Check(data)) return;
  const faults = [...check.Errors(data)].slice(0, 10).map(({ path, message }) => `${path || '/'}: ${message}`);
  throw new ContractViolation(`The data breaks the contract ${contract.type}: ${faults.join('; ')}`);
}
