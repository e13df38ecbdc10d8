import { DoubleStructureGate, regionFaults } from '@alliance/double-structures';
import { invalidRequest } from '@alliance/service-host';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findFieldsOfAction } from '../field-of-action/field-of-action-list.read-model';

/** The keys that structures may name: those of fields and regions that are recorded. */
@Injectable()
export class RegisterKeys {
  constructor(
    private readonly database: DataSource,
    private readonly gate: DoubleStructureGate,
  ) {}

  /** Throws a 400 that names each key of a field or a region that is not recorded. */
  async require(named: {
    readonly fieldKeys: readonly string[];
    readonly regionKeys: readonly string[];
  }): Promise<void> {
    const fields = new Set((await findFieldsOfAction(this.database.manager)).map(({ key }) => key));
    const fault = { reason: 'unknown', expected: 'the key of a field of action that is recorded' } as const;
    const faults = [
      ...named.fieldKeys.flatMap((key, at) => (fields.has(key) ? [] : [{ field: `fieldKeys[${at}]`, ...fault }])),
      ...(await regionFaults(this.gate, named.regionKeys)),
    ];
    if (faults.length > 0) throw invalidRequest(faults);
  }

  /** Throws a 400 that names the parameter when no recorded region has the key. */
  async requireRegion(field: string, key: string): Promise<void> {
    const [unknown] = await this.gate.unknownRegions([key]);
    if (unknown === undefined) return;
    throw invalidRequest([{ field, reason: 'unknown', expected: 'the AGS of a region that is recorded' }]);
  }
}
