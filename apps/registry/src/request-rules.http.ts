import { isDay } from '@alliance/calendar';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsUUID, Matches, ValidateBy } from 'class-validator';

/** Text with something in it, of so many UTF-16 units at most, which is how the events count too. */
export function Text(maxLength: number): PropertyDecorator {
  return Matches(new RegExp(`^(?=[^]*\\S)[^]{1,${maxLength}}$`), {
    message: `must be a text of 1 to ${maxLength} characters`,
  });
}

/** A day that exists. */
export function Day(): PropertyDecorator {
  return applyDecorators(
    Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day such as 2026-03-01' }),
    ValidateBy({
      name: 'day',
      validator: {
        validate: (value) => typeof value === 'string' && isDay(value),
        defaultMessage: () => 'must be a day that exists',
      },
    }),
  );
}

/** Words in kebab-case: keys of fields of action, codes of reasons. */
export function Slug(options: { readonly each?: boolean } = {}): PropertyDecorator {
  return Matches(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, {
    each: options.each,
    message: 'must be in kebab-case, such as basic-supplies, with 60 characters at most',
  });
}

/** A UUID, in lower case. */
export function Uuid(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    IsUUID(undefined, { message: 'must be a UUID' }),
  );
}
