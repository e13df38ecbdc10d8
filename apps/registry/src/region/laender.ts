import type { Region } from './region.events';

const land = (digits: string, name: string, population: number, levels: Region['levels'] = ['land']): Region => ({
  key: `${digits}000000`,
  name,
  levels,
  population,
  validFrom: '1990-10-03',
});

/**
 * The sixteen Länder, which are there from the first start on. Population of 2018-12-31; source: Statistisches
 * Bundesamt (Destatis), Gemeindeverzeichnis, dl-de/by-2-0. The present file of Destatis, once imported, replaces it.
 */
export const laender: readonly Region[] = [
  land('01', 'Schleswig-Holstein', 2_896_712),
  land('02', 'Hamburg', 1_841_179, ['land', 'kreis', 'gemeinde']),
  land('03', 'Niedersachsen', 7_982_448),
  land('04', 'Bremen', 682_986),
  land('05', 'Nordrhein-Westfalen', 17_932_651),
  land('06', 'Hessen', 6_265_809),
  land('07', 'Rheinland-Pfalz', 4_084_844),
  land('08', 'Baden-Württemberg', 11_069_533),
  land('09', 'Bayern', 13_076_721),
  land('10', 'Saarland', 990_509),
  land('11', 'Berlin', 3_644_826, ['land', 'kreis', 'gemeinde']),
  land('12', 'Brandenburg', 2_511_917),
  land('13', 'Mecklenburg-Vorpommern', 1_609_675),
  land('14', 'Sachsen', 4_077_937),
  land('15', 'Sachsen-Anhalt', 2_208_321),
  land('16', 'Thüringen', 2_143_145),
];
