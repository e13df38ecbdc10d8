import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
} from 'class-validator';
import * as fc from 'fast-check';
import { isFaultless } from './faultless';
import { faultsIn } from './validation';

class Part {
  @Length(1, 3)
  readonly name: string;

  @IsOptional()
  @IsInt()
  readonly count?: number;
}

class Whole {
  @IsIn(['a', 'b'])
  readonly kind: string;

  @IsArray()
  @ArrayMaxSize(2)
  @ArrayUnique()
  @Matches(/^[a-z]+$/, { each: true })
  readonly words: string[];

  @ValidateNested()
  @Type(() => Part)
  readonly part: Part;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Part)
  readonly parts?: Part[];
}

class Special extends Whole {
  @Length(2, 2)
  override readonly kind: string = '';
}

const junk = fc.oneof(
  fc.constantFrom<unknown[]>(null, undefined, '', 'a', 7, true, [], {}, [null], ['a', 'a'], [[]], [{}], ['A']),
  fc.jsonValue({ maxDepth: 2 }),
);
const orJunk = (valid: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: valid }, junk);
const word = fc.constantFrom('a', 'bb', 'ccc');
const part = fc.record({ name: orJunk(word), count: orJunk(fc.integer()) }, { requiredKeys: [] });
const body = fc.record(
  {
    kind: orJunk(fc.constantFrom('a', 'b', 'aa')),
    words: orJunk(fc.uniqueArray(word, { maxLength: 2 })),
    part: orJunk(part),
    parts: orJunk(fc.array(orJunk(part), { maxLength: 2 })),
    stray: junk,
  },
  { requiredKeys: ['kind', 'words', 'part'] },
);

describe('isFaultless', () => {
  it.each([Whole, Special])('is true just for those %p in which class-validator finds nothing', (type) => {
    let faultless = 0;
    fc.assert(
      fc.property(body, (plain) => {
        const dto: object = plainToInstance(type, plain);
        expect(isFaultless(dto)).toBe(faultsIn(dto).length === 0);
        if (isFaultless(dto)) faultless += 1;
      }),
      { numRuns: 1000 },
    );
    expect(faultless).toBeGreaterThan(0);
  });

  it('leaves what it does not know to class-validator: conditions, rules that take time, classes without rules', () => {
    @ValidatorConstraint({ async: true })
    class Slow {
      validate() {
        return Promise.resolve(true);
      }
    }
    class Conditional {
      @ValidateIf(() => false)
      @IsString()
      readonly text: string;
    }
    class Waiting {
      @Validate(Slow)
      readonly text: string;
    }
    for (const type of [Conditional, Waiting, class {}]) expect(isFaultless(new type())).toBe(false);
    expect(isFaultless({ constructor: 'text' })).toBe(false);
  });
});

describe('faultsIn', () => {
  it('misses an object that is described and not there, which class-validator does not', () => {
    const dto: object = plainToInstance(Whole, { kind: 'a', words: [] });
    expect(faultsIn(dto)).toEqual([{ field: 'part', reason: 'missing', expected: 'must be an object' }]);
  });

  it('refuses null for what may be left out, wherever it lies, since the log would refuse it', () => {
    const dto: object = plainToInstance(Whole, { kind: 'a', words: [], part: { name: 'a', count: null }, parts: null });
    const expected = 'must not be null; leave the field out';
    expect(faultsIn(dto)).toEqual([
      { field: 'part.count', reason: 'invalid', expected },
      { field: 'parts', reason: 'invalid', expected },
    ]);
  });
});
