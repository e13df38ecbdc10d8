import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../src/contract';
import type { Topic } from '../src/topic';
import { asyncApiOf } from './asyncapi';
import { breaches } from './compatibility';
import { dataSchemaIn, dataSchemaOf, type Golden, goldenOf } from './golden';
import { schemaFaults } from './json-schema';

const goldenFolder = 'libs/contracts/golden';

/** What is committed of the contracts: the text of each document by its path from the root of the workspace. */
export function publishedDocuments(
  contracts: readonly Contract[],
  topics: readonly Topic[],
): ReadonlyMap<string, string> {
  const text = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;
  return new Map([
    ...contracts.map((each): [string, string] => [`${goldenFolder}/${each.type}.json`, text(goldenOf(each))]),
    ['docs/asyncapi/asyncapi.json', text(asyncApiOf(contracts, topics))],
  ]);
}

/** The types that are published: what is committed is published. */
export function readGoldens(root: string): readonly Golden[] {
  const folder = path.join(root, goldenFolder);
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Golden);
}

/** Why these contracts may not take the place of the published ones, a sentence each; empty when they may. */
export function refusals(published: readonly Golden[], contracts: readonly Contract[]): readonly string[] {
  return [
    ...contracts.flatMap((contract) =>
      schemaFaults(dataSchemaOf(contract)).map((fault) => `${contract.type} cannot be published: ${fault}.`),
    ),
    ...published.flatMap((golden) => {
      const contract = contracts.find((each) => each.type === golden.title);
      if (!contract) return [`${golden.title} is published and cannot be withdrawn.`];
      if (contract.topic !== golden['x-topic']) {
        return [`${golden.title} is published on ${golden['x-topic']} and cannot move to ${contract.topic}.`];
      }
      return breaches(dataSchemaIn(golden), dataSchemaOf(contract)).map(
        ({ at, change, harms }) =>
          `${golden.title} is published: ${at}: ${change} harms ${harms}. Publish a new version of the type beside it.`,
      );
    }),
  ];
}

/** Writes the documents, all or, when there is a refusal, none. Returns the refusals. */
export function publishContracts(
  root: string,
  contracts: readonly Contract[],
  topics: readonly Topic[],
): readonly string[] {
  const refused = refusals(readGoldens(root), contracts);
  if (refused.length > 0) return refused;
  for (const [name, text] of publishedDocuments(contracts, topics)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return [];
}
