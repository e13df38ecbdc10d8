import { regionLadder } from '@alliance/region-keys';

/** Which offers are meant: all, or those of a field of action, or those that can be given somewhere in a region. */
export interface OfferScope {
  readonly fieldKey?: string;
  /** In it, in part of it, in all of it with what lies around; remotely too, unless `reach` says otherwise. */
  readonly regionKey?: string;
  readonly reach?: 'in-person' | 'remote';
}

interface Condition {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** As conditions on `offer`, all of which have to hold. */
export function offersInScope({ fieldKey, regionKey, reach }: OfferScope): readonly Condition[] {
  return [
    ...(fieldKey === undefined
      ? []
      : [{ condition: 'offer.field_keys @> CAST(:fields AS text[])', parameters: { fields: [fieldKey] } }]),
    ...(reach === 'remote' ? [{ condition: 'offer.is_remote_possible', parameters: {} }] : []),
    ...(reach === 'in-person' ? [{ condition: 'cardinality(offer.region_keys) > 0', parameters: {} }] : []),
    ...(regionKey === undefined || reach === 'remote' ? [] : [inRegion(regionKey, reach)]),
  ];
}

function inRegion(regionKey: string, reach: OfferScope['reach']): Condition {
  const around = 'offer.region_keys && CAST(:around AS text[])';
  const inside = `EXISTS (SELECT FROM unnest(offer.region_keys) AS key WHERE ${liesWithin('key', ':region')})`;
  const remote = reach === undefined ? ' OR offer.is_remote_possible' : '';
  return {
    condition: `(${around} OR ${inside}${remote})`,
    parameters: { around: regionLadder(regionKey), region: regionKey },
  };
}

/** Whether the one region is the other or lies within it: whether the other is on its ladder (see `regionLadder`). */
export function liesWithin(key: string, region: string): string {
  const steps = [5, 3, 2].map((digits) => `rpad(left(${key}, ${digits}), 8, '0')`);
  return `${region} IN (${[key, ...steps].join(', ')})`;
}
