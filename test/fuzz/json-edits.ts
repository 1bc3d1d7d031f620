import fc from 'fast-check';
import { oddText } from './odd-values.ts';
import { CANARY } from './tenants.ts';

/** A change at one place of a JSON value. */
export interface JsonEdit {
  /** Member names and list positions, joined by dots. */
  readonly path: string;
  readonly does: 'set' | 'remove' | 'rename' | 'list' | 'add';
  readonly value: unknown;
}

/** Changes at these places, most of them to these texts. */
export function jsonEdits(paths: readonly string[], near: readonly unknown[], maxLength = 2) {
  return fc.array(
    fc.record({
      path: fc.constantFrom(...paths),
      does: fc.constantFrom('set', 'set', 'remove', 'rename', 'list', 'add') as fc.Arbitrary<
        JsonEdit['does']
      >,
      value: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...near) },
        { weight: 1, arbitrary: oddText.map((text) => text.toWellFormed().replace(CANARY, 'odd')) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(null, 0, -1, 1e21, true, [], {}, [[]], ['*'], { S: 'acme' }),
        },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      ),
    }),
    { minLength: 1, maxLength },
  );
}

/** The value with its changes; `TENANT` in them is the tenant's own id. */
export function withEdits(value: unknown, edits: readonly JsonEdit[], tenant = ''): unknown {
  const copy = structuredClone(value);
  for (const { path, does, value: next } of edits) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce<unknown>((inner, name) => Object(inner)[name], copy);
    if (typeof holder !== 'object' || holder === null) continue;
    change(holder as Record<string, unknown>, last, does, own(next, tenant));
  }
  return copy;
}

function change(holder: Record<string, unknown>, name: string, does: JsonEdit['does'], next: unknown): void {
  const before = holder[name];
  if (does !== 'add') delete holder[name];
  if (does === 'set') holder[name] = next;
  if (does === 'list') holder[name] = [before, next];
  if (does === 'rename') holder[`${name}s`] = before;
  if (does === 'add' && Array.isArray(before)) before.push(next);
  else if (does === 'add' && typeof before === 'string') holder[name] = before + String(next);
  else if (does === 'add') Object.assign(Object(before), { [String(next)]: next });
}

function own(value: unknown, tenant: string): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, leaf) => (leaf === 'TENANT' ? tenant : leaf));
}
