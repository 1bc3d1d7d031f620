import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProfiles } from '../functions/core/profile/profile.ts';
import { RESOURCES } from '../local/account.ts';
import { profileDefinitions } from '../profiles/index.ts';

const readme = readFileSync('README.md', 'utf8');
const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
// The block is TypeScript with one import of a type: without both it is JavaScript.
const invoices = new Function(
  `${source
    .replace(/^import .*$/m, '')
    .replace('export const invoices =', 'return')
    .replace(' satisfies ProfileDefinition', '')}`,
)();

describe("the README's profile", () => {
  it('can be pasted beside the others', () => {
    expect([...parseProfiles([...profileDefinitions, invoices], RESOURCES).keys()]).toContain('invoices');
  });

  it('is refused as it says without the slash', () => {
    const broken = JSON.parse(JSON.stringify(invoices).replace('{{tenant.id}}/', '{{tenant.id}}'));
    const shown = /```\nlatchkey: ([\s\S]*?)\n```/.exec(readme)?.[1]?.replaceAll('\n', ' ');
    expect(() => parseProfiles([broken], RESOURCES)).toThrow(shown);
  });
});
