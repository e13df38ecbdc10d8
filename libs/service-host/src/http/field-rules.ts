import { isDay } from '@alliance/calendar';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsUUID, Matches, ValidateBy } from 'class-validator';

/** Text with something in it, of so many UTF-16 units at most, which is how the events count too. */
export function Text(maxLength: number, { each = false } = {}): PropertyDecorator {
  return Matches(new RegExp(`^(?=[^]*\\S)[^]{1,${maxLength}}$`), {
    each,
    message: `must be a text of 1 to ${maxLength} characters`,
  });
}

/** A day that exists. */
export function Day(): PropertyDecorator {
  return ValidateBy({
    name: 'day',
    validator: {
      validate: (value) => typeof value === 'string' && isDay(value),
      defaultMessage: () => 'must be a day that exists, such as 2026-03-01',
    },
  });
}

/** A moment in UTC. */
export function UtcTime(): PropertyDecorator {
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;
  return ValidateBy({
    name: 'utcTime',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        pattern.test(value) &&
        isDay(value.slice(0, 10)) &&
        !Number.isNaN(Date.parse(value)),
      defaultMessage: () => 'must be a moment in UTC, such as 2026-03-01T08:00:00Z',
    },
  });
}

/** Words in small letters, joined by hyphens. */
export function Slug(options: { readonly each?: boolean } = {}): PropertyDecorator {
  return Matches(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, {
    ...options,
    message: 'must be words of a to z and 0 to 9, joined by hyphens, of 60 characters at most',
  });
}

/** A UUID, in lower case. */
export function Uuid(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
    IsUUID(undefined, { message: 'must be a UUID' }),
  );
}
