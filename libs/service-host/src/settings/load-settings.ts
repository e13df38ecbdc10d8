import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';

export type SettingsClass<Settings extends object> = new () => Settings;

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every fault of the settings, one line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const sorted = [...faults].sort();
    super(sorted.join('\n'));
    this.faults = sorted;
  }
}

/**
 * Reads the settings that a class describes by its class-validator rules: the property `databaseUrl` from
 * `DATABASE_URL`, or from the file that `DATABASE_URL_FILE` names (for secrets; its last line break is cut). An empty
 * variable counts as absent. Throws `SettingsError` with all faults.
 */
export function loadSettings<Settings extends object>(
  type: SettingsClass<Settings>,
  environment: Environment,
): Settings {
  const { settings, faults } = tryLoadSettings(type, environment);
  if (faults.length > 0) throw new SettingsError(faults);
  return settings;
}

/** The same without throwing, to gather the faults of several classes. */
export function tryLoadSettings<Settings extends object>(
  type: SettingsClass<Settings>,
  environment: Environment,
): { readonly settings: Settings; readonly faults: readonly string[] } {
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const property of propertiesOf(type)) {
    const value = read(variableOf(property), environment, faults);
    if (value !== undefined) given[property] = value;
  }
  const settings = plainToInstance(type, given, { exposeDefaultValues: true });
  for (const { property, constraints = {} } of validateSync(settings)) {
    const variable = variableOf(property);
    // A secret may be the value at fault, so the fault says what is expected and not what is there.
    const expected = Object.values(constraints).map((message) => message.replace(`${property} `, ''));
    const fileIsAtFault = faults.some((fault) => fault.startsWith(`${variable}_FILE:`));
    if (!fileIsAtFault) faults.push(`${variable}: ${expected.join('; ')}`);
  }
  return { settings, faults };
}

function propertiesOf(type: SettingsClass<object>): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return new Set(rules.map((rule) => rule.propertyName));
}

/** The variable that a property is read from. */
export function variableOf(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function read(variable: string, environment: Environment, faults: string[]): string | undefined {
  const value = environment[variable] || undefined;
  const file = environment[`${variable}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) {
    faults.push(`${variable}_FILE: must not be given together with ${variable}`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    faults.push(`${variable}_FILE: must name a file that can be read`);
    return undefined;
  }
}
