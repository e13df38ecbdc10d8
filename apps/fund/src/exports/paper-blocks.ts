/** What a paper is made of, whatever it is rendered as. All text is plain. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export function heading(text: string, level: 1 | 2 = 2): Block {
  return { kind: 'heading', level, text };
}

export function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}

/** `otherwise` is said in place of a table that would have no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], otherwise: string): Block {
  return rows.length === 0 ? paragraph(otherwise) : { kind: 'table', head, rows };
}
