import { plain } from './spelling';

/** Kinds of legal person; forms of one kind turn into each other (a UG becomes a GmbH) or are written for each other. */
export type LegalKind =
  'association' | 'company' | 'foundation' | 'public-law' | 'cooperative' | 'partnership' | 'ukrainian-organisation';

const CHARITABLE = '(?:g|gem(?:einnuetzige)?[ .]+)?';
/** Abbreviations that elsewhere in a name are words: the AG of "AG Asyl" is a working group. */
const AT_THE_END = '(?=[^\\p{L}\\p{N}]*$)';

/** The spellings of each form in the spelling of `plain`; where one contains another, the longer stands first. */
const SPELLINGS: readonly (readonly [LegalKind, readonly string[]])[] = [
  ['partnership', ['gmbh *(?:&|und|u\\.) *co\\.? *(?:kg|ohg)']],
  [
    'company',
    [
      `${CHARITABLE}(?:unternehmergesellschaft|ug) *\\(? *haftungsbeschraenkt *\\)?`,
      `${CHARITABLE}(?:unternehmergesellschaft|ug)${AT_THE_END}`,
      `${CHARITABLE}(?:gesellschaft mit beschraenkter haftung|g\\.? ?m\\.? ?b\\.? ?h\\.?)`,
    ],
  ],
  [
    'association',
    [
      '(?:nicht |un)?(?:ein)?getr(?:agener|\\.) *verein',
      'nicht rechtsfaehiger verein',
      '(?:n\\. *)?e\\. ?v\\.?',
      `(?:n\\.? *)?e ?v${AT_THE_END}`,
    ],
  ],
  [
    'foundation',
    [
      '(?:rechtsfaehige |gemeinnuetzige )?stiftung (?:des )?(?:buergerlichen|oeffentlichen|privaten) rechts',
      'rechtsfaehige stiftung|treuhandstiftung',
    ],
  ],
  ['public-law', ['(?:koerperschaft|anstalt) (?:des )?oeffentlichen rechts', '[ka]\\.? ?d?\\.? ?oe\\.? ?r\\.?']],
  ['cooperative', ['eingetragene genossenschaft', 'g?e\\. ?g\\.?', `g?eg${AT_THE_END}`]],
  ['company', [`${CHARITABLE}aktiengesellschaft`, `g?ag${AT_THE_END}`]],
  ['partnership', ['gesellschaft buergerlichen rechts', 'gbr', `(?:ohg|kg)${AT_THE_END}`]],
  // Громадська організація, благодійна організація, благодійний фонд.
  [
    'ukrainian-organisation',
    [
      '(?:hromads?ka|blahodiina|blagodijna|hromadska) or[gh]ani[sz]at?s?[ij]+a',
      'blahodiin[iy]+j? fond',
      '^ *(?:ho|bo|bf)',
    ],
  ],
];
const LEGAL_FORMS = SPELLINGS.flatMap(([kind, spellings]) =>
  spellings.map((one) => [kind, `(?<![\\p{L}\\p{N}.])(?:${one})(?![\\p{L}\\p{N}])`] as const),
).map(([kind, pattern]) => ({ kind, within: new RegExp(pattern, 'gu'), whole: new RegExp(`^(?:${pattern})$`, 'u') }));

/** The name in the spelling of `plain` without the legal form that is written in it, and the kind of that form. */
export function splitLegalForm(name: string): { readonly rest: string; readonly kind?: LegalKind } {
  // With a small v and no dot between, it is the Evangelische Kirchengemeinde.
  let rest = plain(name.replace(/(?<!\p{L})Ev\. ?/gu, 'Evangelisch '));
  let kind: LegalKind | undefined;
  for (const form of LEGAL_FORMS) {
    const without = rest.replace(form.within, ' ');
    // A name of nothing but an abbreviation keeps it.
    if (without === rest || !/[\p{L}\p{N}]/u.test(without)) continue;
    kind ??= form.kind;
    rest = without;
  }
  return { rest, ...(kind && { kind }) };
}

/** The kind of a legal form as an application says it; `undefined` for one that is not known. */
export function legalKindOf(legalForm: string): LegalKind | undefined {
  const text = plain(legalForm).trim();
  return (
    LEGAL_FORMS.find(({ whole }) => whole.test(text))?.kind ?? (text.includes('stiftung') ? 'foundation' : undefined)
  );
}
