import type { FieldFault } from '@alliance/service-host';
import { type EntityManager, In } from 'typeorm';
import { SkillRow } from './skill/skill-list.read-model';
import { findFields, findRegions, type Known } from './vocabulary/known-place-and-field.read-model';

/** A word of a request: where it stands, what it names, and by which key. */
export interface Mention {
  readonly field: string;
  readonly names: 'skill' | 'field' | 'region';
  readonly key: string;
}

/** What is wrong with the words of a request on that day, in their order: keys nobody knows, or that are none then. */
export async function vocabularyFaults(
  tx: EntityManager,
  mentions: readonly Mention[],
  on: string,
): Promise<readonly FieldFault[]> {
  const keysOf = (names: Mention['names']) => mentions.filter((one) => one.names === names).map(({ key }) => key);
  const byKey = (known: readonly Known[]) => new Map(known.map((one) => [one.key, one]));
  const skills = new Map((await tx.findBy(SkillRow, { key: In(keysOf('skill')) })).map((one) => [one.key, one]));
  const fields = byKey(await findFields(tx, keysOf('field')));
  const regions = byKey(await findRegions(tx, keysOf('region')));
  return mentions.flatMap(({ field, names, key }) => {
    const expected =
      names === 'skill'
        ? skillWanted(skills.get(key))
        : names === 'field'
          ? validWanted('field of action of the registry', fields.get(key), on)
          : validWanted('region of the registry', regions.get(key), on);
    return expected === undefined ? [] : [{ field, reason: 'invalid', expected }];
  });
}

function skillWanted(skill: SkillRow | undefined): string | undefined {
  if (skill === undefined) return 'must be a skill of the list at /capacity-matching/skills';
  return skill.isRetired ? 'must be a skill that is not retired' : undefined;
}

function validWanted(what: string, known: Known | undefined, on: string): string | undefined {
  if (known === undefined) return `must be a ${what}`;
  if (known.validFrom > on) return `must be a ${what} that is valid on ${on}; this one begins on ${known.validFrom}`;
  if (known.validTo === null || known.validTo >= on) return undefined;
  const after = known.successorKeys.length > 0 ? `, and ${known.successorKeys.join(', ')} took its place` : '';
  return `must be a ${what} that is valid on ${on}; this one ended on ${known.validTo}${after}`;
}
