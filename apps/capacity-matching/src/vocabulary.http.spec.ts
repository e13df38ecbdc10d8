import { fieldOfActionRenamedV1, fieldOfActionRetiredV1, regionRecordedV1 } from '@alliance/contracts';
import { connectDatabase } from '@alliance/read-models';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { coordinator, MatchingWorld, teachWords } from './capacity-matching.given';
import { SkillRow } from './skill/skill-list.read-model';
import { knownPlaceAndFieldEntities } from './vocabulary/known-place-and-field.read-model';
import { type Mention, vocabularyFaults } from './vocabulary.http';

let world: MatchingWorld;
let database: DataSource;
beforeAll(async () => {
  world = await MatchingWorld.start();
  await teachWords(world);
  database = await connectDatabase({ url: world.database.url, entities: [SkillRow, ...knownPlaceAndFieldEntities] });
});
afterAll(async () => {
  await database.destroy();
  await world.stop();
});

const faults = (mentions: readonly Mention[], on = '2026-04-06') => vocabularyFaults(database.manager, mentions, on);
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await sleep(20);
};

describe('The words of a request', () => {
  it('are those of the lists of skills, fields and regions; others are named', async () => {
    const known: Mention[] = [
      { field: 'skills[0].key', names: 'skill', key: 'counselling' },
      { field: 'fieldKeys[0]', names: 'field', key: 'accommodation' },
      { field: 'regionKeys[0]', names: 'region', key: '09162000' },
    ];
    expect(await faults(known)).toEqual([]);
    const unknown = known.map((one) => ({ ...one, key: one.names === 'region' ? '09999999' : 'no-such-word' }));
    expect(await faults([...known, ...unknown])).toEqual([
      {
        field: 'skills[0].key',
        reason: 'invalid',
        expected: 'must be a skill of the list at /capacity-matching/skills',
      },
      { field: 'fieldKeys[0]', reason: 'invalid', expected: 'must be a field of action of the registry' },
      { field: 'regionKeys[0]', reason: 'invalid', expected: 'must be a region of the registry' },
    ]);
  });

  it('have to hold on the day: regions of no validity, retired fields and skills are refused with what took their place', async () => {
    const region = { key: '16000001', name: 'Old', levels: ['gemeinde' as const], validFrom: '2022-01-01' };
    const gone = { ...region, validTo: '2023-12-31', successorKeys: ['16000002'] };
    await world.receive({ contract: regionRecordedV1, data: region }, region.key, 0n);
    await world.receive({ contract: regionRecordedV1, data: gone }, region.key, 1n);
    const field = { key: 'orientation', nameDe: 'Ankommen', nameEn: 'Arrival', validFrom: '2022-03-01' };
    const retired = { key: 'orientation', validTo: '2024-06-30', successorKeys: ['arrival', 'information'] };
    await world.receive({ contract: fieldOfActionRenamedV1, data: field }, field.key, 1n);
    await world.receive({ contract: fieldOfActionRetiredV1, data: retired }, field.key, 2n);
    const mention = { field: 'regionKey', names: 'region', key: '16000001' } as const;
    const mentions: Mention[] = [mention, { field: 'fieldKeys[1]', names: 'field', key: 'orientation' }];
    await until(
      async () => (await faults(mentions)).length === 2 && (await faults([mention], '2023-12-31')).length === 0,
    );
    expect((await faults(mentions)).map(({ expected }) => expected)).toEqual([
      'must be a region of the registry that is valid on 2026-04-06; this one ended on 2023-12-31, and 16000002 took its place',
      'must be a field of action of the registry that is valid on 2026-04-06; this one ended on 2024-06-30, and arrival, information took its place',
    ]);
    expect((await faults([mention], '2021-12-31')).map(({ expected }) => expected)).toEqual([
      'must be a region of the registry that is valid on 2021-12-31; this one begins on 2022-01-01',
    ]);
    const retirement = await world.post('/skills/translation/retirement', {}, coordinator);
    await world.getAfter(retirement, '/skills', coordinator);
    expect(await faults([{ field: 'mustSkills[0].key', names: 'skill', key: 'translation' }])).toEqual([
      { field: 'mustSkills[0].key', reason: 'invalid', expected: 'must be a skill that is not retired' },
    ]);
  });
});
