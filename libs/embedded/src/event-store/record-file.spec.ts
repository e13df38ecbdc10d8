import { appendFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FileLockedError } from './process-lock';
import { NotARecordFileError, RecordFile, RecordFileDamagedError } from './record-file';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record file '));
  path = join(folder, 'journal');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the file, and returns with it what it handed out. */
async function opened(): Promise<{ file: RecordFile; records: string[]; offsets: number[]; warnings: string[] }> {
  const records: string[] = [];
  const offsets: number[] = [];
  const warnings: string[] = [];
  const onRecord = (offset: number, bytes: Buffer): void => {
    offsets.push(offset);
    records.push(bytes.toString());
  };
  const file = await RecordFile.open(path, { onRecord, warn: (message) => warnings.push(message) });
  return { file, records, offsets, warnings };
}

async function written(...records: string[]): Promise<number[]> {
  const { file } = await opened();
  const offsets: number[] = [];
  for (const record of records) offsets.push(await file.append(Buffer.from(record)));
  await file.close();
  return offsets;
}

/** What a fresh look at the file finds. */
async function content(): Promise<{ records: string[]; warnings: string[] }> {
  const { file, records, warnings } = await opened();
  await file.close();
  return { records, warnings };
}

async function flipByte(offset: number): Promise<void> {
  const handle = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, offset);
  await handle.write(Buffer.from([(byte[0] ?? 0) ^ 0x40]), 0, 1, offset);
  await handle.close();
}

describe('a record file', () => {
  it('hands out at open what was appended, in order and with the offsets that the appends gave', async () => {
    const offsets = await written('one', '', 'three');
    const again = await opened();
    expect(again.records).toEqual(['one', '', 'three']);
    expect(again.offsets).toEqual(offsets);
    expect(again.warnings).toEqual([]);
    expect(await again.file.read(offsets[2] ?? 0)).toEqual(Buffer.from('three'));
    await again.file.close();
  });

  it('keeps the order of the calls when many append at once', async () => {
    const { file } = await opened();
    const records = Array.from({ length: 500 }, (_, i) => `record ${i}`);
    const offsets = await file.appendAll(records.map((record) => Buffer.from(record)));
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    await file.close();
    expect((await content()).records).toEqual(records);
  });

  it('takes an append that is made as soon as another has resolved', async () => {
    const { file } = await opened();
    for (let i = 0; i < 20; i++) await file.append(Buffer.from(String(i))).then(() => file.append(Buffer.from('then')));
    await file.close();
    expect((await content()).records).toHaveLength(40);
  });

  it('waits at close for the appends under way and takes no more', async () => {
    const { file } = await opened();
    const underWay = file.appendAll([Buffer.from('a'), Buffer.from('b')]);
    const closed = file.close();
    await expect(file.append(Buffer.from('c'))).rejects.toThrow('closed');
    await Promise.all([underWay, closed]);
    expect((await content()).records).toEqual(['a', 'b']);
  });

  it('takes records larger than what it reads at once', async () => {
    const large = Buffer.alloc(9 * 1024 * 1024, 'x');
    const { file } = await opened();
    await file.appendAll([Buffer.from('before'), large, Buffer.from('after')]);
    await file.close();
    const lengths = (await content()).records.map(({ length }) => length);
    expect(lengths).toEqual([6, large.length, 5]);
  });

  it('refuses a file that something else has written, and leaves it as it is', async () => {
    await writeFile(path, 'dear diary');
    await expect(RecordFile.open(path)).rejects.toBeInstanceOf(NotARecordFileError);
    expect(await readFile(path, 'utf8')).toBe('dear diary');
  });

  it('does not take an offset that is none', async () => {
    const [offset = 0] = await written('one', 'two');
    const { file } = await opened();
    await expect(file.read(offset + 1)).rejects.toBeInstanceOf(RecordFileDamagedError);
    await expect(file.read(file.size)).rejects.toBeInstanceOf(RecordFileDamagedError);
    await file.close();
  });
});

describe('what a crash left half written', () => {
  it('is cut with a warning, wherever the write was torn', async () => {
    const offsets = await written('one', 'two', 'three');
    const { size } = await stat(path);
    const whole = await readFile(path);
    for (let end = offsets[2] ?? 0; end < size; end++) {
      await writeFile(path, whole.subarray(0, end));
      const torn = await content();
      expect(torn.records).toEqual(['one', 'two']);
      expect(torn.warnings).toHaveLength(end === offsets[2] ? 0 : 1);
    }
    await written('four');
    expect((await content()).records).toEqual(['one', 'two', 'four']);
  });

  it('is cut when it is garbage or zeros', async () => {
    await written('one', 'two');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          fc.nat(10_000).map((length) => new Uint8Array(length + 1)),
        ),
        async (garbage) => {
          await appendFile(path, garbage);
          const torn = await content();
          expect(torn.records).toEqual(['one', 'two']);
          expect(torn.warnings).toEqual([expect.stringContaining(`${garbage.length} bytes`)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is cut also when later parts of the same unacknowledged write are whole', async () => {
    const { file } = await opened();
    await file.append(Buffer.from('acknowledged'));
    const [first = 0] = await file.appendAll([Buffer.from('lost'), Buffer.from('whole')]);
    await file.close();
    await flipByte(first + 17);
    const torn = await content();
    expect(torn.records).toEqual(['acknowledged']);
    expect(torn.warnings).toHaveLength(1);
  });

  it('may be the signature of a new file', async () => {
    await written();
    await truncate(path, 3);
    expect(await content()).toEqual({ records: [], warnings: [] });
  });
});

describe('damage to what was acknowledged', () => {
  it('is no torn write: the file is not opened and not changed', async () => {
    const [, second = 0] = await written('one', 'two', 'three');
    const { size } = await stat(path);
    for (const offset of [second, second + 5, second + 9, second + 17]) {
      await flipByte(offset);
      await expect(RecordFile.open(path)).rejects.toThrow(`damaged at byte ${second}`);
      await flipByte(offset);
    }
    expect((await stat(path)).size).toBe(size);
    expect((await content()).records).toEqual(['one', 'two', 'three']);
  });
});

describe('the lock', () => {
  it('keeps a second user out until the first closes', async () => {
    const { file } = await opened();
    await expect(RecordFile.open(path)).rejects.toBeInstanceOf(FileLockedError);
    await file.close();
    await content();
  });

  it('is free again when an open has failed', async () => {
    await writeFile(path, 'dear diary');
    await expect(RecordFile.open(path)).rejects.toBeInstanceOf(NotARecordFileError);
    await rm(path);
    await content();
  });
});
