import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Needles } from './needles';

const needle = 'Größmännle Übel';
const needles = new Needles([needle]);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('a search for needles', () => {
  it.each<[string, Buffer]>([
    ['as it is', Buffer.from(needle)],
    ['in small letters', Buffer.from('größmännle übel')],
    ['in capitals', Buffer.from('GRÖSSMÄNNLE ÜBEL')],
    ['transliterated', Buffer.from('groessmaennle uebel')],
    ['decomposed', Buffer.from(needle.normalize('NFD'))],
    ['in Latin-1', latin1(needle)],
    ['in UTF-16', Buffer.from(needle, 'utf16le')],
    ['as JSON, escaped', Buffer.from('{"name":"Gr\\u00f6\\u00dfm\\u00e4nnle \\u00dcbel"}')],
    ['as JSON, escaped in capitals', Buffer.from('Gr\\u00F6\\u00DFm\\u00E4nnle \\u00DCbel')],
    ['in a URL', Buffer.from('/x?q=Gr%C3%B6%C3%9Fm%C3%A4nnle%20%C3%9Cbel&y')],
    ['in a URL, in small letters', Buffer.from('gr%c3%b6%c3%9fm%c3%a4nnle%20%c3%bcbel')],
    ['in a form', Buffer.from('q=Gr%C3%B6%C3%9Fm%C3%A4nnle+%C3%9Cbel')],
    ['in hexadecimal digits', Buffer.from(Buffer.from(`x${needle}x`).toString('hex'))],
    [
      'in Base64 of escaped JSON',
      Buffer.from(latin1('{"n":"Gr\\u00f6\\u00dfm\\u00e4nnle \\u00dcbel"}').toString('base64')),
    ],
  ])('finds one %s', (_, bytes) => {
    const hay = Buffer.concat([Buffer.from('before '), bytes, Buffer.from([0, 255, 10])]);
    expect(needles.in(hay, 'here')).toContainEqual({ needle, spelling: expect.any(String), place: 'here' });
  });

  it('finds one in Base64, wherever it begins and ends in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (before, after) => {
        const bytes = Buffer.concat([before, Buffer.from(needle), after]);
        expect(needles.in(bytes.toString('base64'), '')).not.toEqual([]);
        expect(needles.in(bytes.toString('base64url'), '')).not.toEqual([]);
      }),
    );
  });

  it('finds none where there is none', () => {
    const others = ['Größmann Übel', 'Grossmannle', Buffer.from('Größmännle').toString('base64'), ''];
    for (const other of others) expect(needles.in(other, '')).toEqual([]);
  });

  it('looks into every file of a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'needles-'));
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'b', 'deep'), Buffer.concat([Buffer.alloc(5000), Buffer.from(needle)]));
    await writeFile(join(folder, 'shallow'), 'nothing');
    expect(await needles.inFolder(folder)).toEqual([
      { needle, spelling: 'UTF-8', place: join(folder, 'a', 'b', 'deep') },
    ]);
    await rm(folder, { recursive: true });
  });
});
