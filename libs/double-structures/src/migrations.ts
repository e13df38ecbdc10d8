import type { Migration } from '@alliance/read-models';
import { CreateKnownRetiredField1764000100002 } from './create-known-retired-field';
import { CreateKnownStructure1764000100001 } from './create-known-structure';

/** For the migrations of a service that keeps this read model. */
export const knownStructureMigrations: readonly Migration[] = [
  CreateKnownStructure1764000100001,
  CreateKnownRetiredField1764000100002,
];
