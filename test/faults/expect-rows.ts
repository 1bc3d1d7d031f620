import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderReports } from './report.ts';
import { playRow, type Report, type Row } from './row.ts';
import { startWorld, type World } from './world.ts';

/** Of every kind together, at once. */
const CALLERS = 10;

/** A test for each row, and the table of them all. */
export function expectRows(rows: readonly Row[]): void {
  let world: World;
  const reports: Report[] = [];
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    await world.close();
    console.info(renderReports(reports));
  });

  test.each(rows)(
    '$title',
    async (row) => {
      const report = await playRow(world, row, CALLERS);
      reports.push(report);
      const { wrong, deviations, secrets } = report;
      expect({ wrong, deviations, secrets }).toEqual({ wrong: [], deviations: [], secrets: 0 });
    },
    60_000,
  );
}
