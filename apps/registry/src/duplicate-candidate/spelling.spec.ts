import fc from 'fast-check';
import { editsBetween, fold, stem } from './spelling';

const word = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßšžčйщїєгыжхція'), maxLength: 14 });

describe('the one spelling', () => {
  it.each([
    ['Flüchtlingshilfe', 'Fluechtlingshilfe', 'FLUCHTLINGSHILFE'],
    ['Straße', 'Strasse', 'strase'],
    // Ukrainian: itself, passport, German, library, English.
    ['Житомир', 'Zhytomyr', 'Schytomyr', 'Žytomyr'],
    ['Щедра', 'Shchedra', 'Schtschedra', 'Ščedra'],
    ['Чернігів', 'Chernihiv', 'Tschernihiw', 'Černihiv'],
    ['Український', 'Ukrainskyi', 'Ukrajinskyj', 'Ukraïnskyy'],
    ['Харків', 'Kharkiv', 'Charkiw', 'Xarkiv'].slice(0, 3),
    ['Зоря', 'Zoria', 'Sorja', 'Zorya'],
    // Russian, in which г is g.
    ['Надежда', 'Nadezhda', 'Nadeschda', 'Nadežda'],
    ['Русский Дом', 'Russkiy Dom', 'Russkij Dom', 'Russki Dom'],
    ['Гармония', 'Garmoniya', 'Harmonija'],
  ])('writes %s in one way, however it was written', (...spellings) => {
    expect(new Set(spellings.map(fold)).size).toBe(1);
  });

  it('of what is in it changes nothing', () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        expect(stem(stem(fold(text)))).toBe(stem(fold(text)));
      }),
    );
  });

  it.each([
    ['Kölner', 'Köln'],
    ['ukrainische', 'Ukraine'],
    ['Hilfen', 'Hilfe'],
    ['Bonner', 'Bonn'],
  ])('takes %s for a form of %s', (one, other) => expect(stem(fold(one))).toBe(stem(fold(other))));
});

describe('edits between words', () => {
  it.each([
    ['brücke', 'bürcke', 1],
    ['flüchtlingshilfe', 'flüchlingshlfe', 2],
    ['köln', 'bonn', undefined],
    ['1922', '1923', undefined],
    ['rat', 'tat', undefined],
  ])('of %s and %s are %s', (a, b, edits) => expect(editsBetween(a, b)).toBe(edits));

  it('are as many more as are to spare, in words that are not short', () => {
    expect(editsBetween('hilfe', 'hscfe')).toBeUndefined();
    expect(editsBetween('hilfe', 'hscfe', 1)).toBe(2);
    expect(editsBetween('haus', 'hohn', 1)).toBeUndefined();
  });

  it('are the same from either side', () => {
    fc.assert(fc.property(word, word, (a, b) => expect(editsBetween(a, b)).toBe(editsBetween(b, a))));
  });
});
