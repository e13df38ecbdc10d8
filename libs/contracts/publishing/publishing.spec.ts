import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Type } from '@sinclair/typebox';
import { contracts, topics } from '../src';
import { closedObject } from '../src/closed-object';
import type { Contract } from '../src/contract';
import { goldenOf } from './golden';
import { publishContracts, publishedDocuments, readGoldens, refusals } from './publishing';

const root = path.join(__dirname, '../../..');

const paid: Contract = {
  type: 'fund.TranchePaid.v1',
  topic: 'fund.grant.v1',
  description: 'A tranche was paid.',
  schema: closedObject({ grantId: Type.String(), kind: Type.Union([Type.Literal('seed'), Type.Literal('bridge')]) }),
};

describe('what is published', () => {
  it('is committed as the contracts say it: run `npm run publish-contracts` and commit what it writes', () => {
    for (const [name, text] of publishedDocuments(contracts, topics)) {
      expect(readFileSync(path.join(root, name), 'utf8')).toBe(text);
    }
  });

  it('stands in the catalogue, all of it and unharmed', () => {
    expect(readGoldens(root).map((golden) => golden.title)).toEqual(contracts.map((each) => each.type).sort());
    expect(refusals(readGoldens(root), contracts)).toEqual([]);
  });

  it('writes a choice the way other languages read it', () => {
    expect(goldenOf(paid).properties?.kind).toEqual({ type: 'string', enum: ['seed', 'bridge'] });
  });
});

describe('publishing', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'contracts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const publish = (...some: Contract[]): readonly string[] => publishContracts(folder, some, topics);

  it('lets a published type take optional properties', () => {
    publish(paid);
    const more = { ...paid, schema: closedObject({ ...paid.schema.properties, note: Type.Optional(Type.String()) }) };
    expect(publish(more)).toEqual([]);
    expect(readGoldens(folder)).toEqual([goldenOf(more)]);
  });

  it('refuses an incompatible change, says where and whom it harms, and leaves what is published', () => {
    publish(paid);
    const changed = { ...paid, schema: closedObject({ grantId: Type.Integer(), kind: Type.Literal('seed') }) };
    const other = { ...paid, type: 'fund.TrancheFailed.v1' };
    expect(publish(changed, other)).toEqual([
      expect.stringMatching(
        /^fund\.TranchePaid\.v1 is published: data\.grantId: type "string" → "integer" harms readers/,
      ),
      expect.stringContaining('data.kind'),
      expect.stringContaining('data.kind'),
    ]);
    expect(readGoldens(folder)).toEqual([goldenOf(paid)]);
  });

  it('refuses to withdraw a published type', () => {
    publish(paid);
    expect(publish()).toEqual(['fund.TranchePaid.v1 is published and cannot be withdrawn.']);
  });

  it('refuses to move a published type to another topic', () => {
    publish(paid);
    expect(publish({ ...paid, topic: 'fund.tranche.v1' })).toEqual([
      'fund.TranchePaid.v1 is published on fund.grant.v1 and cannot move to fund.tranche.v1.',
    ]);
  });

  it('refuses an object that its writers could add properties to', () => {
    const open = {
      ...paid,
      schema: Type.Object({ rows: Type.Array(Type.Object({})) }, { additionalProperties: false }),
    };
    expect(publish(open)).toEqual([expect.stringContaining('data.rows[]: the object is open')]);
  });

  it('refuses a keyword whose later changes nobody could judge', () => {
    const dated = { ...paid, schema: closedObject({ on: Type.String({ format: 'date' }) }) };
    expect(publish(dated)).toEqual([expect.stringContaining('data.on: "format" is not among the keywords')]);
    expect(readGoldens(folder)).toEqual([]);
  });
});
