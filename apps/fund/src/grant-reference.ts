/** For humans to speak of a grant; its id alone is unique. */
export function referenceOf(grantId: string): string {
  return grantId.slice(0, 8).toUpperCase();
}
