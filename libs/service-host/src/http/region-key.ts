import { regionKeyFault } from '@alliance/region-keys';
import { ValidateBy } from 'class-validator';

/** The AGS of a region; what is none (a postcode, one without its leading zero, …) is told why. */
export function RegionKey(options: { readonly each?: boolean } = {}): PropertyDecorator {
  const faultOf = (value: unknown) =>
    typeof value === 'string' ? regionKeyFault(value) : 'must be an AGS, as text of eight digits';
  return ValidateBy(
    {
      name: 'regionKey',
      validator: {
        validate: (value) => faultOf(value) === undefined,
        defaultMessage: (fault) => {
          const values: readonly unknown[] = [fault?.value].flat();
          return values.map(faultOf).find((reason) => reason !== undefined) ?? 'must be an AGS';
        },
      },
    },
    { each: options.each },
  );
}
