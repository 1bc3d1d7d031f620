import { describe, expect, it } from 'vitest';
import { type RunOptions, runLatchkey } from './run-latchkey.ts';

const LIST = ['tenant', 'list'];
const tenant = (index: number) => ({
  tenantId: `tenant-${String(index).padStart(3, '0')}`,
  displayName: index === 0 ? 'A\u001b[2J' : `Tenant ${index}`,
  status: 'active',
  version: index + 1,
  updatedAt: '2026-11-22T10:00:00.000Z',
});
const TENANTS = Array.from({ length: 101 }, (_, index) => tenant(index));

/** A list in pages, as the API answers it. */
const paged: RunOptions['api'] = ({ url }) => {
  const { searchParams } = new URL(url);
  const limit = Number(searchParams.get('limit'));
  const behind = TENANTS.filter(({ tenantId }) => tenantId > (searchParams.get('after') ?? ''));
  const items = behind.slice(0, limit);
  return Response.json({ items, ...(behind.length > limit ? { next: items.at(-1)?.tenantId } : {}) });
};

describe('a list', () => {
  it('follows pages, with one head', async () => {
    const { code, stdout, stderr, requests } = await runLatchkey({ argv: LIST, api: paged });
    expect([code, stderr]).toEqual([0, '']);
    expect(requests.map(({ target }) => target)).toEqual([
      '/tenants?limit=100',
      '/tenants?limit=100&after=tenant-099',
    ]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(102);
    expect(lines[0]).toMatch(/^TENANT +STATUS +VERSION +UPDATED +NAME$/);
    expect(lines[1]).toMatch(/ A\u{FFFD}\[2J$/u);
    expect(lines[101]).toMatch(/^tenant-100 +active +101 +2026-11-22T10:00:00.000Z +Tenant 100$/);
  });

  it('stops at a limit, and says that there are more', async () => {
    const argv = [...LIST, '--limit', '2', '--after', 'tenant-049'];
    const { stdout, stderr, requests } = await runLatchkey({ argv, api: paged });
    expect(requests.map(({ target }) => target)).toEqual(['/tenants?limit=2&after=tenant-049']);
    expect(stdout).toMatch(/\ntenant-050 .*\ntenant-051 .*\n$/);
    expect(stderr).toBe("there are more: --after 'tenant-051'\n");
  });

  it('asks for no more than is left of a limit', async () => {
    const { requests } = await runLatchkey({ argv: [...LIST, '--limit', '101', '--json'], api: paged });
    expect(requests.map(({ target }) => target)[1]).toBe('/tenants?limit=1&after=tenant-099');
  });

  it('with --json prints each answer on a line, as it came', async () => {
    const { stdout, stderr } = await runLatchkey({ argv: [...LIST, '--json', '--limit', '100'], api: paged });
    expect(stdout).toBe(`${JSON.stringify({ items: TENANTS.slice(0, 100), next: 'tenant-099' })}\n`);
    expect(stderr).toBe('');
  });

  it('says on stderr that nothing is in it', async () => {
    const api = () => Response.json({ items: [] });
    expect(await runLatchkey({ argv: LIST, api })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no tenants\n',
    });
  });

  it.each(['0', '-1', 'x', '1.5'])('is not asked for with a limit of %s', async (limit) => {
    const { code, requests } = await runLatchkey({ argv: [...LIST, `--limit=${limit}`], api: paged });
    expect([code, requests]).toEqual([2, []]);
  });
});
