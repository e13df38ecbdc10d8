/** An AGS: a Land from 01 to 16 and six more digits. */
const KEY = /^(?:0[1-9]|1[0-6])\d{6}$/;

/**
 * What is wrong with the text as the official key of a region (AGS: `LL R KK GGG` for Land, Regierungsbezirk, Kreis,
 * Gemeinde, always eight digits as text), and what would be right; `undefined` when it is one. Never repeats the text.
 */
export function regionKeyFault(text: string): string | undefined {
  if (KEY.test(text)) return undefined;
  if (!/^\d+$/.test(text)) return 'an AGS consists of eight digits, such as 09162000';
  switch (text.length) {
    case 5:
      return 'five digits look like a postcode, which names no region (or are a Kreis without its zeros); a region is named by its AGS of eight digits, such as 09162000';
    case 7:
      return KEY.test(`0${text}`)
        ? 'seven digits: the leading zero is missing, as spreadsheets drop it; an AGS is text of eight digits, such as 09162000'
        : wrongLength(7);
    case 8:
      return 'the first two digits of an AGS are those of a Land, 01 to 16';
    case 11:
    case 12:
      return `${text.length === 12 ? 'twelve digits are' : 'eleven digits look like'} an ARS${text.length === 12 ? '' : ' without its leading zero'}; the AGS leaves out its digits six to nine`;
    default:
      return wrongLength(text.length);
  }
}

function wrongLength(digits: number): string {
  return `${digits} digit${digits === 1 ? '' : 's'}; an AGS has eight, filled up with zeros on the right (Bavaria is 09000000)`;
}
